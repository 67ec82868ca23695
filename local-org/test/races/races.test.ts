// The package's flows where things happen in another order, twice, at once, or against the customer's own rules.
import './customer.cases.ts';
import './orders.cases.ts';
import './removed.cases.ts';
import './replay.cases.ts';
