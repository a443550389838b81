// Bulgarian: stemmer and stop words.
export { stemmer } from '@orama/stemmers/bulgarian';
export { stopwords } from '@orama/stopwords/bulgarian';
