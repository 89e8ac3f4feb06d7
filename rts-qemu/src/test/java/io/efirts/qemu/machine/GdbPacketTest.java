// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class GdbPacketTest {
  @Test
  void packetsAreFramedWithTheirSum() {
    assertEquals("$g#67", text(GdbPacketWriter.fixed("", "g")));
    assertEquals("+\u0003$Hg0#df", text(GdbPacketWriter.fixed("+\u0003", "Hg0")));
    assertEquals("$c#63", text(GdbPacketWriter.fixed("", "c")));
  }

  @Test
  void aRegisterIsWrittenLowByteFirst() {
    GdbPacketWriter writer = new GdbPacketWriter();
    assertEquals("$P20=efcdab8967452301#51", text(writer.writeRegister(0x20, 0x0123456789abcdefL)));
    assertEquals("$P20=00f0ff4f00000000#cb", text(writer.writeRegister(0x20, 0x4ffff000L)));
  }

  @Test
  void aWrongSumIsDamage() {
    GdbPacketReader reader = new GdbPacketReader(64);
    assertEquals(GdbPacketReader.DAMAGED, take(reader, "$OK#9b"));
    assertEquals(GdbPacketReader.DAMAGED, take(reader, "$OK#9x"));
    assertEquals(GdbPacketReader.PACKET, take(reader, "$OK#9a"));
    assertTrue(reader.isOk());
    assertEquals(GdbPacketReader.PACKET, take(reader, "$OK#9A"));
  }

  @Test
  void whatLiesBetweenPacketsIsAcknowledgementOrNothing() {
    GdbPacketReader reader = new GdbPacketReader(64);
    assertEquals(GdbPacketReader.ACCEPTED, take(reader, "+"));
    assertEquals(GdbPacketReader.DAMAGED, take(reader, "-"));
    assertEquals(GdbPacketReader.NOTHING, take(reader, "x#9a"));
    assertEquals(GdbPacketReader.PACKET, take(reader, "$+-#58"), "no acknowledgements inside");
    assertEquals(2, reader.length());
  }

  @Test
  void anEscapedByteIsRestored() {
    GdbPacketReader reader = new GdbPacketReader(64);
    // '#' as 0x7d 0x03, sum 0x80.
    assertEquals(GdbPacketReader.PACKET, take(reader, "$}\u0003#80"));
    assertEquals(1, reader.length());
    assertEquals('#', reader.payload(0));
    assertEquals(0, reader.payload(1), "nothing behind the end");
  }

  @Test
  void aPacketThatDoesNotFitIsDamageAndTheNextOneIsRead() {
    GdbPacketReader reader = new GdbPacketReader(2);
    assertEquals(GdbPacketReader.DAMAGED, take(reader, "$aaa#23"));
    assertEquals(GdbPacketReader.PACKET, take(reader, "$OK#9a"));
    assertFalse(reader.length() > 2);
  }

  private static int take(GdbPacketReader reader, String text) {
    int last = GdbPacketReader.NOTHING;
    for (byte next : text.getBytes(StandardCharsets.ISO_8859_1)) {
      last = reader.take(next);
    }
    return last;
  }

  private static String text(ByteBuffer packet) {
    return StandardCharsets.ISO_8859_1.decode(packet.duplicate()).toString();
  }
}
