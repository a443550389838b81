// Portuguese: stemmer and stop words.
export { stemmer } from '@orama/stemmers/portuguese';
export { stopwords } from '@orama/stopwords/portuguese';
