/** Users of the local org are English (United States). */
export default 'en-US';
