// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Firmware;
import java.util.ArrayList;
import java.util.List;

/** A firmware that takes capsules. For one thread at a time. */
final class CapsuleFirmware implements Firmware {
  /** The reset type that QueryCapsuleCapabilities gives. */
  int needs;

  long queryStatus;
  long updateStatus;
  final List<RuntimeService> calls = new ArrayList<>();
  final List<Long> resets = new ArrayList<>();

  @Override
  public long call(CallFrame frame) {
    calls.add(frame.service());
    return switch (frame.service()) {
      case QUERY_CAPSULE_CAPABILITIES -> {
        frame.memory().putLong(frame.word(2), 1 << 20);
        frame.memory().putInt(frame.word(3), needs);
        yield queryStatus;
      }
      case UPDATE_CAPSULE -> updateStatus;
      case RESET_SYSTEM -> {
        resets.add(frame.word(0));
        yield 0;
      }
      default -> 0;
    };
  }
}
