/** What stands on a record's page, as a person sees it. */
export interface RenderedRecord {
  readonly title: string;
  readonly actions: readonly { readonly name: string; readonly enabled: boolean }[];
  /** Buttons that stand among the acts and are none. */
  readonly buttonsWithoutName: number;
  readonly facts: readonly { readonly label: string; readonly needs: string | null; readonly masked: boolean; readonly text: string }[];
  readonly tabs: readonly string[];
}

/** What the tests ask of a page, in the page: plain data out, nothing of the document. */
export interface Probe {
  /** Whether the page has its heading and nothing in it is still to come. */
  drawn(): boolean;
  /** Goes to an address by the console's own router. */
  go(path: string): void;
  /** Waits until the page is drawn anew, and brings every transition to its end. */
  rest(): Promise<void>;
  record(): RenderedRecord;
  /** The related list in view. */
  related(): { readonly name: string; readonly ready: boolean; readonly needs: boolean };
  /** Headings of the list's columns. */
  columns(): readonly string[];
  /** Acts offered for the rows that are chosen. */
  bulk(): readonly string[];
  menu(): readonly { readonly label: string; readonly path: string }[];
  /** What has the focus, and whether one can see it. */
  focused(): { readonly name: string; readonly tag: string; readonly visible: boolean; readonly look: string };
  /** What makes the page wider than the window; nothing where it isn't. */
  overflow(): readonly string[];
}
