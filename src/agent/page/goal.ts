// Goals: what an instruction asks for, one small thing after the other.

/** Words that say which element is meant. */
export interface Phrase {
  /** As it was written, without quotes. */
  text: string;
  /** The words, without articles and the words that the other fields stand for. */
  words: string;
  /** A name as it is written, from quotes. */
  label?: string;
  /** Roles that were named: `button`, `textbox` … */
  roles: readonly string[];
  /** Place among those that fit: 0 is the first, −1 the last. */
  place?: number;
  color?: string;
  size?: 'large' | 'small';
  /** Words of the row or card that it stands in. */
  within?: string;
}

/** Where a thing is dragged to. */
export type DragTo =
  | { direction: 'left' | 'right' | 'up' | 'down' }
  /** From 0; −1 is the end. */
  | { place: number }
  | { by: -1 | 1 }
  | { onto: Phrase };

/** One thing to do. */
export type Goal =
  /** `shade`: any shade of the colour will do. */
  | { do: 'click'; target: Phrase; all?: boolean; shade?: boolean }
  | { do: 'expand'; target: Phrase }
  | { do: 'choose'; options: readonly string[]; similar?: boolean; count?: number; target?: Phrase }
  | { do: 'type'; text: string; target: Phrase; all?: boolean }
  /** The value that stands beside a key in the page. */
  | { do: 'look-up'; key: string; target: Phrase }
  /** Each empty field gets what stands beside its label elsewhere in the page. */
  | { do: 'look-up-all' }
  | { do: 'complete'; start: string; end: string; target: Phrase }
  | { do: 'word'; place: number; target: Phrase }
  | { do: 'date'; year: number; month: number; day: number; target: Phrase }
  | { do: 'slide'; value: number; target: Phrase }
  | { do: 'calculate'; target: Phrase }
  | { do: 'count'; target: Phrase }
  | { do: 'copy'; from: Phrase; to: Phrase }
  | { do: 'highlight'; target: Phrase }
  | { do: 'scroll'; to: 'up' | 'down' | 'top' | 'bottom'; target: Phrase }
  | { do: 'drag'; target: Phrase; to: DragTo; all?: boolean }
  /** Takes things out of a catalogue, by the button beside each. */
  | { do: 'add'; items: readonly string[] }
  | { do: 'parity' }
  | { do: 'wait'; seconds: number }
  /** What is done to a mail, a post or a row, with what is written or to whom. */
  | { do: 'act'; verb: string; within: string; text?: string; to?: string }
  /** Values for fields that are known by their labels only. */
  | { do: 'fill'; text: string };
