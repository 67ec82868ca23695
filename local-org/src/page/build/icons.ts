import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { packageFolder } from './modules.ts';

/** `utility:warning` as it stands in templates and code. */
const ICON = /\b(utility|standard|custom|action|doctype):([a-z][a-z0-9_]*)\b/g;

/** The icons that a text names, in the order of their names. */
export function iconsIn(text: string): Set<string> {
  return new Set([...text.matchAll(ICON)].map(([name]) => name));
}

/** Every icon that the base components themselves name. */
export function iconsOfBaseComponents(): Set<string> {
  const folder = join(packageFolder('lightning-base-components'), 'src/lightning');
  const icons = new Set<string>();
  for (const entry of readdirSync(folder)) {
    if (entry.startsWith('iconSvgTemplates')) continue;
    for (const file of readdirSync(join(folder, entry), { withFileTypes: true })) {
      if (!file.isFile() || !/\.(?:js|html)$/.test(file.name)) continue;
      for (const icon of iconsIn(readFileSync(join(folder, entry, file.name), 'utf8'))) {
        if (templateOf(icon) !== undefined) icons.add(icon);
      }
    }
  }
  return icons;
}

/** The HTML template of an icon, or undefined when there is no such icon. */
export function templateOf(icon: string): string | undefined {
  const [sprite = '', name = ''] = icon.split(':');
  return templatesOf(sprite).has(name) ? `./${sprite}/${name}.html` : undefined;
}

const known = new Map<string, ReadonlySet<string>>();

function templatesOf(sprite: string): ReadonlySet<string> {
  const read = known.get(sprite);
  if (read !== undefined) return read;
  const folder = join(
    packageFolder('lightning-base-components'),
    `src/lightning/iconSvgTemplates${sprite.charAt(0).toUpperCase()}${sprite.slice(1)}`,
    'buildTemplates',
    sprite,
  );
  const names = new Set(
    readdirSync(folder)
      .filter((file) => file.endsWith('.html'))
      .map((file) => file.replace(/\.html$/, '')),
  );
  known.set(sprite, names);
  return names;
}

/**
 * The module that lists icon templates, with the wanted ones only: all of them are 6 MB and take most
 * of a minute to compile.
 * @param file the listing, `…/iconSvgTemplatesUtility/buildTemplates/templates.js`
 */
export function iconListing(file: string, wanted: ReadonlySet<string>): string {
  const folder = /iconSvgTemplates([A-Za-z]*)[\\/]/.exec(file)?.[1] ?? '';
  // Languages written from right to left have listings of their own; the org's users are English.
  const sprite = folder.endsWith('Rtl') ? '' : folder.toLowerCase();
  const icons = [...wanted].filter((icon) => icon.startsWith(`${sprite}:`)).toSorted();
  const names = icons.map((icon) => icon.replace(':', '_'));
  const imports = icons.map(
    (icon, index) => `import ${names[index]} from ${JSON.stringify(templateOf(icon))};`,
  );
  return `${imports.join('\n')}\nexport default { ${names.join(', ')} };\n`;
}
