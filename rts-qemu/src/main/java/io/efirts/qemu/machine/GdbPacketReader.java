// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

/**
 * Takes packets of GDB's remote serial protocol out of a stream of bytes: {@code $payload#checksum}
 * with two hexadecimal digits, the sum of the payload's bytes modulo 256. A byte 0x7d in a payload
 * says that the next one was changed by exclusive or with 0x20; run-length coding is not known here
 * and QEMU does not use it. Nothing is allocated after construction.
 */
final class GdbPacketReader {
  /** The byte is inside a packet, or between packets and without meaning. */
  static final int NOTHING = 0;

  /** The byte ended a packet; {@link #payload} and {@link #length} have it. */
  static final int PACKET = 1;

  /** The byte says that our packet arrived. */
  static final int ACCEPTED = 2;

  /** The byte says that our packet was damaged, or it ended one that is or does not fit. */
  static final int DAMAGED = 3;

  private enum Place {
    OUTSIDE,
    PAYLOAD,
    ESCAPED,
    FIRST_DIGIT,
    SECOND_DIGIT
  }

  private final byte[] payload;
  private Place place = Place.OUTSIDE;
  private int length;
  private int sum;
  private int digit;
  private boolean overflow;

  GdbPacketReader(int capacity) {
    payload = new byte[capacity];
  }

  /** Takes one byte and says what it was. */
  int take(byte next) {
    switch (place) {
      case OUTSIDE -> {
        return outside(next);
      }
      case PAYLOAD -> {
        if (next == '#') {
          place = Place.FIRST_DIGIT;
        } else {
          sum += next;
          if (next == 0x7d) {
            place = Place.ESCAPED;
          } else {
            append(next);
          }
        }
      }
      case ESCAPED -> {
        sum += next;
        append((byte) (next ^ 0x20));
        place = Place.PAYLOAD;
      }
      case FIRST_DIGIT -> {
        digit = Hex.digit(next);
        place = Place.SECOND_DIGIT;
      }
      case SECOND_DIGIT -> {
        place = Place.OUTSIDE;
        int low = Hex.digit(next);
        boolean right = digit >= 0 && low >= 0 && (digit << 4 | low) == (sum & 0xff);
        return right && !overflow ? PACKET : DAMAGED;
      }
    }
    return NOTHING;
  }

  private int outside(byte next) {
    switch (next) {
      case '$' -> {
        place = Place.PAYLOAD;
        length = 0;
        sum = 0;
        overflow = false;
      }
      case '+' -> {
        return ACCEPTED;
      }
      case '-' -> {
        return DAMAGED;
      }
      default -> {}
    }
    return NOTHING;
  }

  private void append(byte next) {
    if (length == payload.length) {
      overflow = true;
    } else {
      payload[length++] = next;
    }
  }

  /** Number of bytes in the packet last completed. */
  int length() {
    return length;
  }

  /** A byte of the packet last completed, 0 behind its end. */
  byte payload(int index) {
    return index < length ? payload[index] : 0;
  }

  /** Whether the packet last completed is "OK". */
  boolean isOk() {
    return length == 2 && payload[0] == 'O' && payload[1] == 'K';
  }
}
