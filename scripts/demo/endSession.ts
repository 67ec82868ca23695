import mqtt from 'mqtt';

/**
 * Removes the session a bridge had at a broker that is not ours: with MQTT 3.1.1 the broker would
 * keep it, and collect messages for it, for ever. Does its best; a broker that is gone has none.
 */
export async function endSession(brokerUrl: string, clientId: string): Promise<void> {
  try {
    const client = await mqtt.connectAsync(brokerUrl, {
      protocolVersion: 4,
      clientId,
      clean: true,
      connectTimeout: 3000,
      reconnectPeriod: 0,
    });
    await client.endAsync();
  } catch {
    // Nothing that could be done about it here.
  }
}
