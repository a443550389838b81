// Chinese: stop words; nothing to stem.
export { stopwords } from '@orama/stopwords/mandarin';
