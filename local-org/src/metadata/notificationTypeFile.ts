import { InvalidSource, Unsupported, type NotificationTypeDef } from './schema.ts';
import { flagOf, parseXml, refuseUnknown, requiredText, textOf } from './xml.ts';

/**
 * Reads a `.notiftype-meta.xml`. As `CustomNotificationType` in the Metadata API Developer Guide: a
 * name, a label, and where its notifications are shown. Slack and actions are refused.
 */
export function readNotificationType(file: string, name: string, xml: string): NotificationTypeDef {
  const root = parseXml(file, xml, 'CustomNotificationType');
  refuseUnknown(
    file,
    root,
    new Set(['customNotifTypeName', 'masterLabel', 'description', 'desktop', 'mobile', 'slack']),
  );
  if (flagOf(file, root, 'slack', false))
    throw new Unsupported(file, 'CustomNotificationType', '<slack>true</slack>');
  const written = requiredText(file, root, 'customNotifTypeName');
  if (written !== name)
    throw new InvalidSource(file, `<customNotifTypeName> ${written} differs from the file's name`);
  if (!/^[A-Za-z]\w{0,79}$/.test(name))
    throw new InvalidSource(file, `<customNotifTypeName> ${name} is not an API name`);
  return {
    name,
    label: requiredText(file, root, 'masterLabel'),
    description: textOf(file, root, 'description'),
    desktop: flagOf(file, root, 'desktop', false),
    mobile: flagOf(file, root, 'mobile', false),
  };
}
