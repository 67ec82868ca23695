/**
 * Jest for the Lightning web components, run from the project's root: scripts/testing/runJest.ts does.
 *
 * It is Salesforce's own configuration; what is added makes it work from a folder of its own. `lwc` is resolved
 * by Salesforce's resolver to the engine installed here, never to the one the local org builds its pages with.
 */
const path = require('node:path');
const { jestConfig } = require('@salesforce/sfdx-lwc-jest/config');

const packages = path.join(__dirname, 'node_modules');

module.exports = {
  ...jestConfig,
  // Only force-app: the rest of the project is tested by node's own runner.
  roots: ['<rootDir>/force-app'],
  cacheDirectory: '<rootDir>/.data/jest',
  // The preset's jsdom is a package of this folder; Jest would look for it from the project's root.
  testEnvironment: require.resolve('jest-environment-jsdom'),
  // A test may import what is installed here, e.g. @salesforce/wire-service-jest-util.
  modulePaths: [packages],
  moduleNameMapper: { '^@lwc/(engine-dom|synthetic-shadow|wire-service)$': `${packages}/@lwc/$1` },
  setupFilesAfterEnv: [...jestConfig.setupFilesAfterEnv, path.join(__dirname, 'jest.setup.cjs')],
};
