// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.linearizability;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.VariableAttributes;
import io.efirts.api.spi.Firmware;

/**
 * Firmware with two variables, each a number. SetVariable sets one, with the append attribute it
 * adds: a call that is lost, made twice or mixed with another one leaves a trace. A reset sets both
 * to 0, one after the other. Not thread-safe, as firmware is not.
 */
final class Counters implements Firmware {
  private static final String[] NAMES = {"0", "1"};

  private final long[] values = new long[NAMES.length];

  static String name(int key) {
    return NAMES[key];
  }

  @Override
  public long call(CallFrame frame) {
    return switch (frame.service()) {
      case GET_VARIABLE -> get(frame);
      case SET_VARIABLE -> set(frame);
      case RESET_SYSTEM -> reset();
      default -> EfiStatusCode.UNSUPPORTED;
    };
  }

  private long get(CallFrame frame) {
    frame.memory().putLong(frame.word(3), Long.BYTES);
    frame.memory().putLong(frame.word(4), values[key(frame)]);
    return EfiStatusCode.SUCCESS;
  }

  private long set(CallFrame frame) {
    boolean append = (frame.word(2) & VariableAttributes.APPEND_WRITE) != 0;
    long old = append ? values[key(frame)] : 0;
    values[key(frame)] = old + frame.memory().getLong(frame.word(4));
    return EfiStatusCode.SUCCESS;
  }

  private long reset() {
    values[0] = 0;
    values[1] = 0;
    return EfiStatusCode.SUCCESS;
  }

  private static int key(CallFrame frame) {
    return frame.memory().getShort(frame.word(0)) - '0';
  }
}
