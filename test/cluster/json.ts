/**
 * What a text in JSON holds, taken for what the caller says it is. Tests believe the API server, and what they wrote
 * themselves: where one of these is not what it should be, the test fails soon enough.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- there is nothing to infer it from
export const fromJson = <T>(text: string): T => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- this is the one place that says so
  return JSON.parse(text) as T;
};
