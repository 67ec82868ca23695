-- MQTT QoS 2: packet ids of messages that are safe and not released by the broker yet. Those of messages in
-- the log stand there too, in the batch of their message; mqtt_unread says from where on they have to be
-- looked for after a crash.
CREATE TABLE mqtt_session (
  name       TEXT PRIMARY KEY, -- the client id
  generation INTEGER NOT NULL -- rises when the broker begins the session anew; ids of earlier ones count no more
) STRICT;
CREATE TABLE mqtt_packet (
  session   TEXT NOT NULL,
  packet_id INTEGER NOT NULL,
  PRIMARY KEY (session, packet_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE mqtt_unread (
  id       INTEGER PRIMARY KEY CHECK (id = 1),
  position INTEGER -- behind it there may be ids that are not in mqtt_packet; null: there are none
) STRICT;
INSERT INTO mqtt_unread (id, position) VALUES (1, NULL);
