// The package's flows with many events at once, in one process.
import './mixed.cases.ts';
import './random.cases.ts';
