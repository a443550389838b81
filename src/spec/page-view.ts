// PageView: what can be seen of a page, as numbered elements in reading order. Plain data.

/** A rectangle in CSS pixels. */
export interface Box {
  /** Of the left edge, from the left edge of what is read. */
  x: number;
  /** Of the upper edge, from the upper edge of what is read. */
  y: number;
  width: number;
  height: number;
}

/** What an element is like at the moment. */
export type ElementState =
  | 'checked'
  | 'mixed'
  | 'selected'
  | 'pressed'
  | 'expanded'
  | 'collapsed'
  | 'disabled'
  | 'readonly'
  | 'required'
  | 'invalid'
  | 'focused'
  | 'editable'
  | 'scrollable'
  | 'draggable';

/** One numbered element. */
export interface PageElement {
  /** Means this element for as long as it is in the page. From 1; an element keeps its number from view to view. */
  number: number;
  /** ARIA role; besides: `text`, `drawing`, `canvas`, `circle`, `rectangle`, `triangle`, `polygon`, `line`, `shape`, `icon`, `clickable`. */
  role: string;
  /** Accessible name, or the text of the element; where it has none, the label beside it or words of its attributes. Cut at 200 characters. */
  name: string;
  /** Made to be acted on. Text, headings, images and shapes can be acted on too, but most often nothing happens. */
  interactive: boolean;
  /** What a field holds. That of a password is dots. */
  value?: string;
  /** Kind of field, where it matters: `password`, `date`, `time`, `email`, `number`, `file` … */
  type?: string;
  states?: readonly ElementState[];
  /** Labels of a list's options, the first 50. */
  options?: readonly string[];
  /** Name of its colour, `red`, and the colour as `#rrggbb`; of shapes, and of elements with a background of their own. */
  color?: string;
  hex?: string;
  /** Text of the row, card or group it stands in, where others look the same without it. */
  within?: string;
  box: Box;
}

/** A page as it was read. */
export interface PageView {
  title: string;
  /** In reading order. */
  elements: readonly PageElement[];
  /** Elements that were left out because there are too many. */
  omitted: number;
}
