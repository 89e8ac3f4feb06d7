// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class GdbPacketPropertyTest {
  @Property
  void whatIsWrittenIsReadBack(@ForAll long value) {
    GdbPacketReader reader = new GdbPacketReader(64);
    ByteBuffer packet = new GdbPacketWriter().writeRegister(0x20, value);
    while (packet.remaining() > 1) {
      assertEquals(GdbPacketReader.NOTHING, reader.take(packet.get()));
    }
    assertEquals(GdbPacketReader.PACKET, reader.take(packet.get()));
    StringBuilder payload = new StringBuilder();
    for (int i = 0; i < reader.length(); i++) {
      payload.append((char) reader.payload(i));
    }
    String digits = String.format("%016x", Long.reverseBytes(value));
    assertEquals("P20=" + digits, payload.toString());
  }
}
