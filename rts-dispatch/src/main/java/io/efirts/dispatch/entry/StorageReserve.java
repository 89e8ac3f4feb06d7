// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.call.CallFrame;
import io.efirts.api.call.RuntimeCall;
import io.efirts.api.call.VariableCalls;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.RtProperties;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spec.VariableAttributes;
import io.efirts.api.spi.Firmware;

/**
 * Keeps some non-volatile storage free: there is firmware that does not start any more once its
 * store is full. Before a write the firmware is asked how much is free, in the same hold of the
 * gate, so that nobody else can use it up in between.
 *
 * <p>Deletes and volatile writes are exempt. Sizes are unsigned throughout: a size near 2^64 must
 * not look small.
 */
final class StorageReserve {
  /** Firmware that cannot tell what is free may be given writes up to this size. */
  private static final long UNKNOWN_LIMIT_BYTES = 64 * 1024;

  /** Longest name that is measured; a longer one is counted as this long. */
  private static final int NAME_UNITS = 512;

  /** A record's header, terminator and padding in the stores of EDK2, the largest known. */
  private static final long RECORD_OVERHEAD_BYTES = 72;

  private static final int ATTRIBUTES = 2;
  private static final int DATA_SIZE = 3;

  private final long reserveBytes;

  /** Whether firmware may be asked what is free. */
  private final boolean canTell;

  StorageReserve(long reserveBytes, RtProperties supported) {
    this.reserveBytes = reserveBytes;
    canTell = supported.supports(RuntimeService.QUERY_VARIABLE_INFO);
  }

  /**
   * Asks whether a write may be made. Inside the firmware's context, with the gate in hand.
   *
   * @return null if it may, otherwise the write's result
   */
  CallResult refusal(Firmware firmware, EntryLane lane) {
    CallFrame write = lane.frame();
    int attributes = (int) write.word(ATTRIBUTES);
    long dataBytes = write.word(DATA_SIZE);
    if (reserveBytes == 0 || !takesStorage(attributes, dataBytes)) {
      return null;
    }
    RuntimeCall item = lane.questionItem();
    long status = EfiStatusCode.UNSUPPORTED;
    if (canTell) {
      VariableCalls.packQueryVariableInfo(item, attributes & ~VariableAttributes.APPEND_WRITE);
      status = lane.ask(firmware);
    }
    if (status == EfiStatusCode.UNSUPPORTED) {
      return Long.compareUnsigned(dataBytes, UNKNOWN_LIMIT_BYTES) <= 0 ? null : refused();
    }
    if (status != EfiStatusCode.SUCCESS) {
      return CallResult.completed(status);
    }
    long nameBytes = nameBytes(write.memory(), write.word(0));
    long needed = dataBytes + nameBytes + RECORD_OVERHEAD_BYTES;
    long remaining = VariableCalls.remainingStorage(item);
    boolean wrapped = Long.compareUnsigned(needed, dataBytes) < 0;
    boolean fits =
        !wrapped
            && Long.compareUnsigned(remaining, needed) >= 0
            && Long.compareUnsigned(remaining - needed, reserveBytes) >= 0;
    return fits ? null : refused();
  }

  private static boolean takesStorage(int attributes, long dataBytes) {
    int access = VariableAttributes.BOOTSERVICE_ACCESS | VariableAttributes.RUNTIME_ACCESS;
    return (attributes & VariableAttributes.NON_VOLATILE) != 0
        && (attributes & access) != 0
        && dataBytes != 0;
  }

  private static CallResult refused() {
    return CallResult.refused(Outcome.STORAGE_RESERVE, false, false);
  }

  /** Bytes of a name without its terminator, as far as it can be read. */
  private static long nameBytes(AddressSpaceView memory, long address) {
    int units = 0;
    try {
      while (units < NAME_UNITS && memory.getShort(address + 2L * units) != 0) {
        units++;
      }
    } catch (FirmwareFault unreadable) {
      // Firmware cannot read it either, and writes nothing; it is left to say so itself.
      return 2L * units;
    }
    return 2L * units;
  }
}
