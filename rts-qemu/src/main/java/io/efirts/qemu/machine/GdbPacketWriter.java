// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes packets of GDB's remote serial protocol into one direct buffer. Payloads are letters and
 * digits, which need no escapes. Building one allocates nothing.
 */
final class GdbPacketWriter {
  private static final int CAPACITY = 64;

  private final ByteBuffer buffer = ByteBuffer.allocateDirect(CAPACITY);
  private int start;

  /** A fixed packet, ready to be sent any number of times. */
  static ByteBuffer fixed(String before, String payload) {
    GdbPacketWriter writer = new GdbPacketWriter();
    writer.buffer.clear().put(before.getBytes(StandardCharsets.US_ASCII));
    writer.open().put(payload.getBytes(StandardCharsets.US_ASCII));
    return writer.seal();
  }

  /**
   * The packet that writes a 64-bit register.
   *
   * @param register its number in the target's description
   * @param value its value, sent as memory holds it: low byte first
   * @return the packet, valid until the next one is made
   */
  ByteBuffer writeRegister(int register, long value) {
    buffer.clear();
    open().put((byte) 'P');
    Hex.put(buffer, register);
    buffer.put((byte) '=');
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      Hex.put(buffer, (int) (value >>> shift));
    }
    return seal();
  }

  private ByteBuffer open() {
    buffer.put((byte) '$');
    start = buffer.position();
    return buffer;
  }

  private ByteBuffer seal() {
    int sum = 0;
    for (int i = start; i < buffer.position(); i++) {
      sum += buffer.get(i);
    }
    buffer.put((byte) '#');
    Hex.put(buffer, sum);
    return buffer.flip();
  }
}
