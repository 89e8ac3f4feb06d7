// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.service;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.VariableAttributes;
import io.efirts.firmware.store.VariableStore;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A variable in which the firmware keeps a 32-bit state of its own. */
enum OwnVariable {
  /** Time zone and daylight of the clock: daylight in bits 16 to 23, zone in bits 0 to 15. */
  RTC("RTC", "378d7b65-8da9-4773-b6e4-a47826a833e1"),

  /** The upper half of the monotonic counter. */
  MTC("MTC", "eb704011-1402-11d3-8e77-00a0c969723b");

  /** How the value is stored. */
  static final ValueLayout.OfInt VALUE =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** What the firmware gives its own variables. */
  static final int ATTRIBUTES =
      VariableAttributes.NON_VOLATILE
          | VariableAttributes.BOOTSERVICE_ACCESS
          | VariableAttributes.RUNTIME_ACCESS;

  private final MemorySegment utf16;
  private final EfiGuid guid;

  OwnVariable(String name, String guid) {
    this.utf16 =
        MemorySegment.ofArray((name + '\0').getBytes(StandardCharsets.UTF_16LE)).asReadOnly();
    this.guid = EfiGuid.of(guid);
  }

  MemorySegment utf16() {
    return utf16;
  }

  EfiGuid guid() {
    return guid;
  }

  /** Its value, or the given one if there is no such variable of 4 bytes. */
  int read(VariableTable table, int otherwise) {
    long record = table.findHidden(utf16, utf16.byteSize(), guid.wireLow(), guid.wireHigh());
    if (record == VariableStore.NONE) {
      return otherwise;
    }
    VariableStore store = table.foundIn();
    long data = store.dataOffset(record);
    return store.dataBytes(record) == Integer.BYTES
        ? store.reach(data, Integer.BYTES).get(VALUE, data)
        : otherwise;
  }
}
