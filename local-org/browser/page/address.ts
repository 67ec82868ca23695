/**
 * The address of a page reference (`standard__recordPage`, `standard__objectPage`, `standard__webPage`).
 * Throws with the name of what this org has no page for.
 */
export function addressOf(reference: unknown): string {
  const { type, attributes } = readReference(reference);
  const text = (name: string): string => {
    const value = attributes[name];
    if (typeof value === 'string' && value !== '') return value;
    throw new TypeError(`${type} needs the attribute ${name}`);
  };
  const action = (allowed: string): void => {
    if (attributes['actionName'] !== allowed)
      throw new TypeError(`${type}: the local org has pages for the action ${allowed} only`);
  };
  switch (type) {
    case 'standard__recordPage': {
      action('view');
      const id = text('recordId');
      const object = attributes['objectApiName'];
      return recordAddress(typeof object === 'string' && object !== '' ? object : undefined, id);
    }
    case 'standard__objectPage': {
      const name = attributes['actionName'];
      if (name !== 'home') action('list');
      return `/lightning/o/${encodeURIComponent(text('objectApiName'))}/list`;
    }
    case 'standard__webPage':
      return webAddress(text('url'));
    default:
      throw new TypeError(`The local org has no pages of the type ${type}`);
  }
}

/** A path of this org or an address of the web; never a script. */
function webAddress(url: string): string {
  if (/^(?:https?:\/\/|\/)/i.test(url)) return url;
  throw new TypeError(`standard__webPage: "${url}" is neither a path nor an address of the web`);
}

/** Without an object the server finds it by the id's prefix. */
export function recordAddress(object: string | undefined, id: string): string {
  const prefix = object === undefined ? '' : `${encodeURIComponent(object)}/`;
  return `/lightning/r/${prefix}${encodeURIComponent(id)}/view`;
}

function readReference(reference: unknown): {
  readonly type: string;
  readonly attributes: Readonly<Record<string, unknown>>;
} {
  if (typeof reference !== 'object' || reference === null || !('type' in reference))
    throw new TypeError('A page reference needs a type');
  const given = 'attributes' in reference ? reference.attributes : undefined;
  const attributes = typeof given === 'object' && given !== null ? { ...given } : {};
  return { type: String(reference.type), attributes };
}
