/**
 * ESLint for the Lightning web components, run from the project's root by `npm run check` (step lwc). Everything else
 * is linted by oxlint.
 */
import recommended from '@salesforce/eslint-config-lwc/recommended.js';
import i18n from '@salesforce/eslint-config-lwc/i18n.js';

const COMPONENTS = 'force-app/**/lwc/**/*.js';
const TESTS = 'force-app/**/lwc/**/__tests__/**/*.js';

/* The rules are given for every file; here they are for components only. */
const forComponents = (config) => ({ ...config, files: [COMPONENTS] });

export default [
  ...[recommended, i18n].flat().map(forComponents),
  {
    files: [COMPONENTS],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'no-console': 'error',
      'prefer-const': 'error',
      'no-var': 'error',
      // lightning/uiGraphQLApi is chosen: its successor does not work in the Field Service mobile app without a network.
      '@lwc/lwc/newer-version-available': 'off',
      '@salesforce/lightning/no-aura-localization-service': 'error',
      '@salesforce/lightning/no-moment': 'error',
      '@salesforce/lightning/prefer-i18n-service': 'error',
    },
  },
  {
    // The one place where the panels wait: a page that stays open has to ask again.
    files: ['force-app/**/lwc/signalTiming/signalTiming.js'],
    rules: { '@lwc/lwc/no-async-operation': 'off' },
  },
  {
    files: [TESTS],
    rules: {
      // A test sends the events of the browser itself, such as visibilitychange.
      '@lwc/lwc/prefer-custom-event': 'off',
      // A test waits for timers, and drives wire adapters by hand.
      '@lwc/lwc/no-async-operation': 'off',
      '@lwc/lwc/no-unexpected-wire-adapter-usages': 'off',
      // A test that provokes a complaint replaces console methods by a spy, see jest.setup.cjs.
      'no-console': 'off',
      'jest/no-standalone-expect': 'error',
      'jest/no-disabled-tests': 'error',
      'jest/expect-expect': 'error',
    },
  },
];
