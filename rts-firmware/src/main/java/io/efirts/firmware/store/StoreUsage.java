// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import io.efirts.api.spec.VariableAttributes;

/** How much of a store its records take. Hardware error records have a quota of their own. */
final class StoreUsage {
  private static final int ANY = 0;
  private static final int UNWRITTEN = 0xFFFF_FFFF;

  private StoreUsage() {}

  static long liveBytes(VariableStore store) {
    long used = 0;
    for (long record = store.first(); record != VariableStore.NONE; record = store.next(record)) {
      if (!isHardwareErrorRecord(store, record) && isKeptByReclaim(store, record)) {
        used += store.format().recordBytes(store.nameBytes(record), store.dataBytes(record));
      }
    }
    return used;
  }

  static long occupiedBytes(VariableStore store) {
    long used = 0;
    for (long record = store.first(); record != VariableStore.NONE; record = store.next(record)) {
      if (!isHardwareErrorRecord(store, record)) {
        used += RecordWalk.next(store.bytes(), record, store.end(), store.format()) - record;
      }
    }
    return used;
  }

  private static boolean isKeptByReclaim(VariableStore store, long record) {
    int state = store.state(record);
    return state == RecordState.ADDED
        || (state == RecordState.IN_DELETED_TRANSITION
            && store.state(store.findTwinOf(record, ANY)) != RecordState.ADDED);
  }

  private static boolean isHardwareErrorRecord(VariableStore store, long record) {
    int attributes = store.attributes(record);
    return attributes != UNWRITTEN && (attributes & VariableAttributes.HARDWARE_ERROR_RECORD) != 0;
  }
}
