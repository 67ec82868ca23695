/** Where SLDS's phone layout ends: its `medium` breakpoint is 48 em. */
const PHONE = '(max-width: 47.9375em)';

/** `Small` on a phone, else `Large`; fixed when the page is opened, as on the platform. */
export default matchMedia(PHONE).matches ? 'Small' : 'Large';
