// Walks the schema of a request and names each text without a length, a pattern, a format or a fixed list, and each
// list without a number of items. What stands in a list is bounded by its number and by the size of a body.
export default (schema) => {
  const found = [];
  const has = (node, ...keys) => keys.some((key) => node[key] !== undefined);
  const is = (node, type) => node.type === type || (Array.isArray(node.type) && node.type.includes(type));
  const walk = (node, path, above) => {
    if (node === null || typeof node !== 'object' || above.includes(node)) return;
    const inside = [...above, node];
    if (is(node, 'string') && !has(node, 'maxLength', 'enum', 'const', 'format', 'pattern')) {
      found.push({ message: `${path || 'the text'} has no maxLength` });
    }
    if (is(node, 'array') && !has(node, 'maxItems')) found.push({ message: `${path || 'the list'} has no maxItems` });
    for (const [name, child] of Object.entries(node.properties ?? {})) walk(child, path ? `${path}.${name}` : name, inside);
    for (const key of ['oneOf', 'anyOf', 'allOf']) for (const child of node[key] ?? []) walk(child, path, inside);
  };
  walk(schema, '', []);
  return found;
};
