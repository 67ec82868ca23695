import { pageContext } from '../data/readContext.ts';

/** The viewer's record id, 18 characters. */
export default pageContext().userId;
