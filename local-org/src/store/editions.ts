/** What an edition of the platform grants an org. */
export interface Edition {
  /** As `Organization.OrganizationType` names it. */
  readonly organizationType: string;
  /** REST requests in a rolling day; a composite request is one. */
  readonly dailyApiRequests: number;
  /** Events in a rolling hour, by all ways of publishing. */
  readonly hourlyPublished: number;
  /** Events delivered to API subscribers in a rolling day; flows do not count. */
  readonly dailyDelivered: number;
  /** Megabytes. */
  readonly dataStorageMb: number;
  readonly fileStorageMb: number;
  /** Addresses outside the org that flows may send emails to, in a day of Greenwich Mean Time. */
  readonly dailyEmailAddresses: number;
}

/**
 * The editions of `--edition`; Enterprise as sold with no user licences added.
 * Sources: Salesforce Developer Limits and Allocations, "API Request Limits and Allocations"
 * (.../salesforce-app-limits-cheatsheet/guide/salesforce-app-limits-platform-api.html); Platform
 * Events Developer Guide, "Platform Event Allocations" (.../platform_events/platform_event_limits.htm);
 * Actions Developer Guide, "Simple Email Actions" (.../api_action/actions_obj_email_simple.htm);
 * Bulk API 2.0 Developer Guide, "Set Up a Salesforce Developer Edition Org" (5 MB of data), and
 * Salesforce-CTA-Study-Guide, "Calculating Data Storage" (10 GB).
 */
export const EDITIONS = {
  developer: {
    organizationType: 'Developer Edition',
    dailyApiRequests: 15_000,
    hourlyPublished: 50_000,
    dailyDelivered: 10_000,
    dailyEmailAddresses: 50,
    dataStorageMb: 5,
    fileStorageMb: 20,
  },
  enterprise: {
    organizationType: 'Enterprise Edition',
    dailyApiRequests: 100_000,
    hourlyPublished: 250_000,
    dailyDelivered: 25_000,
    dailyEmailAddresses: 5_000,
    dataStorageMb: 10 * 1024,
    fileStorageMb: 10 * 1024,
  },
} as const satisfies Record<string, Edition>;
