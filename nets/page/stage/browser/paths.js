/** Paths: a value deep in an object, by the names that lead to it, as in "marker.line.color". */

export function get(object, path) {
  return path.split(".").reduce((part, key) => part?.[key], object);
}

/** Set a value; a column that is there already is filled again, for Plotly has it in use. */
export function put(object, path, value) {
  const there = get(object, path);
  if (Array.isArray(there) && Array.isArray(value)) {
    there.splice(0, there.length, ...value);
    return;
  }
  const keys = path.split(".");
  const last = keys.pop();
  for (const key of keys) object = object[key] ??= {};
  object[last] = value;
}
