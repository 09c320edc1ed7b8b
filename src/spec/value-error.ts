/** A text that is no step, duration or count. The message says what is wrong and what is allowed; it names no field. */
export class ValueError extends Error {
  override readonly name = 'ValueError';
}
