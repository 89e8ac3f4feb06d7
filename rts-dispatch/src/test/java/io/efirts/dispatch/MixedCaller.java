// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import io.efirts.api.CallResult;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.NonBlockingRuntimeServices;
import io.efirts.api.Outcome;
import io.efirts.api.RuntimeServices;
import io.efirts.api.RuntimeServicesAbi;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.RuntimeService;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * One thread's mixture of typed, ABI, vendor and non-blocking calls, each with arguments of its own
 * from which the answer follows. Allocates nothing while it runs.
 */
final class MixedCaller {
  static final long VENDOR_ENTRY = 0xFFFF_8000_1234_5000L;

  private static final ValueLayout.OfLong UINT64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int GUIDS = 64;

  private final RuntimeServices typed;
  private final RuntimeServicesAbi abi;
  private final NonBlockingRuntimeServices direct;
  private final EfiGuid[] guids = new EfiGuid[GUIDS];
  private final MemorySegment data = MemorySegment.ofArray(new byte[16]);
  private final IntHolder attributes = new IntHolder();
  private final LongHolder first = new LongHolder();
  private final LongHolder second = new LongHolder();
  private final LongHolder third = new LongHolder();
  private final long base;
  private long step;
  private long mistakes;
  private long made;
  private long madeDirectly;

  MixedCaller(Dispatcher dispatcher, int index) {
    typed = dispatcher.runtimeServices();
    abi = dispatcher.abi();
    direct = dispatcher.nonBlocking();
    base = (index + 1L) << 24;
    for (int i = 0; i < GUIDS; i++) {
      guids[i] = new EfiGuid(base + i, ~base);
    }
  }

  /** What firmware makes of a number it is given. */
  static long answer(long argument) {
    return argument * 0x9E37_79B9_7F4A_7C15L + 1;
  }

  /** The same as a status that needs no new result object. */
  static long status(long argument) {
    return answer(argument) & (Long.MIN_VALUE | 31);
  }

  void run(int calls) {
    for (int i = 0; i < calls; i++) {
      long argument = base + step++;
      boolean right =
          switch ((int) (argument % 5)) {
            case 0 -> convertPointer(argument);
            case 1 -> getVariable(guids[(int) (argument % GUIDS)]);
            case 2 -> words(argument);
            case 3 -> vendorWords(argument);
            default -> queryDirectly((int) argument);
          };
      if (!right) {
        mistakes++;
      }
    }
  }

  long mistakes() {
    return mistakes;
  }

  long made() {
    return made;
  }

  /** How many of the non-blocking calls got in. */
  long madeDirectly() {
    return madeDirectly;
  }

  private boolean convertPointer(long argument) {
    made++;
    first.value = argument;
    return typed.convertPointer(0, first).isSuccess() && first.value == answer(argument);
  }

  private boolean getVariable(EfiGuid guid) {
    made++;
    first.value = 16;
    CallResult result = typed.getVariable("Stress", guid, attributes, first, data);
    return result.isSuccess() && first.value == 8 && data.get(UINT64, 0) == answer(guid.wireLow());
  }

  private boolean words(long argument) {
    made++;
    return abi.call(RuntimeService.SET_TIME, argument, 0, 0, 0, 0).status().raw()
        == status(argument);
  }

  private boolean vendorWords(long argument) {
    made++;
    return abi.callVendor(VENDOR_ENTRY, 6, 0, 0, 0, 0, 0, argument).status().raw()
        == status(argument);
  }

  private boolean queryDirectly(int argument) {
    first.value = 0;
    CallResult result = direct.queryVariableInfo(argument, first, second, third);
    if (result.outcome() == Outcome.BUSY) {
      return !result.firmwareEntered() && first.value == 0;
    }
    made++;
    madeDirectly++;
    long answer = answer(Integer.toUnsignedLong(argument));
    return result.isSuccess()
        && first.value == answer
        && second.value == answer + 1
        && third.value == answer + 2;
  }
}
