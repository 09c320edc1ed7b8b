/** The record in a ConfigMap is of another format, or was changed by hand into something that makes no sense. */
export class RecordUnreadable extends Error {
  override readonly name = 'RecordUnreadable';
}
