import { strictObject, ZodArray, ZodDefault, ZodObject, ZodOptional, ZodType } from 'zod';
import { isMapping } from '../spec/reading.ts';

/**
 * The schema as it applies to this very value: its lists are mappings by index. Messages of unknown keys are made from it,
 * since they look for the keys that are known at a path.
 */
export const schemaFor = (schema: ZodType, value: unknown): ZodType => {
  if (schema instanceof ZodOptional || schema instanceof ZodDefault) {
    const inner = schema.unwrap();
    return inner instanceof ZodType ? schemaFor(inner, value) : schema;
  }
  if (schema instanceof ZodArray && Array.isArray(value)) {
    const { element } = schema;
    if (!(element instanceof ZodType)) return schema;
    return strictObject(Object.fromEntries(value.map((item: unknown, i) => [i, schemaFor(element, item)])));
  }
  if (!(schema instanceof ZodObject) || !isMapping(value)) return schema;
  const parts = Object.entries(schema.shape).map(([key, part]) => [
    key,
    part instanceof ZodType ? schemaFor(part, value[key]) : part,
  ]);
  return strictObject(Object.fromEntries(parts));
};
