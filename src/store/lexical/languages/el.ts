// Greek: stemmer and stop words.
export { stemmer } from '@orama/stemmers/greek';
export { stopwords } from '@orama/stopwords/greek';
