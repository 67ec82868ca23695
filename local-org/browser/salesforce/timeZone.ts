/** Users of the local org have no time zone of their own: the browser's is theirs. */
export default Intl.DateTimeFormat().resolvedOptions().timeZone;
