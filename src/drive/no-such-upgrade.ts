/** No upgrade of the name, or more than one where none was named. The message lists what there is. */
export class NoSuchUpgrade extends Error {
  override readonly name = 'NoSuchUpgrade';
  /** Whether a name would have helped. */
  readonly ambiguous: boolean;
  /** Whether a look into all namespaces may find it. */
  readonly elsewhere: boolean;

  constructor(message: string, { ambiguous = false, elsewhere = false }) {
    super(message);
    this.ambiguous = ambiguous;
    this.elsewhere = elsewhere;
  }
}
