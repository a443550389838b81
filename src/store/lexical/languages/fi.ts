// Finnish: stemmer and stop words.
export { stemmer } from '@orama/stemmers/finnish';
export { stopwords } from '@orama/stopwords/finnish';
