/** The suffixes of https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d+)|([numkMGTPE]|[KMGTPE]i))?$/;

/** A quantity of Kubernetes as a number: "500m" is 0.5, "2Ki" is 2048, "1e3" is 1000. Undefined where it is none. */
export const amountOf = (quantity: string): number | undefined => {
  const [, digits, exponent = '0', suffix = ''] = QUANTITY.exec(quantity) ?? [];
  return digits === undefined ? undefined : Number(digits) * 10 ** Number(exponent) * (SUFFIXES[suffix] ?? 1);
};

/** 500 → "500m", 2000 → "2". */
export const cpuQuantity = (milli: number): string => (milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`);

/** In the largest unit in which it is a whole number. */
export const memoryQuantity = (bytes: number): string => {
  const unit = ['Ti', 'Gi', 'Mi', 'Ki'].find((each) => bytes > 0 && bytes % (SUFFIXES[each] ?? 1) === 0);
  return unit === undefined ? String(bytes) : `${bytes / (SUFFIXES[unit] ?? 1)}${unit}`;
};
