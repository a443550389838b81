// Hungarian: stemmer and stop words.
export { stemmer } from '@orama/stemmers/hungarian';
export { stopwords } from '@orama/stopwords/hungarian';
