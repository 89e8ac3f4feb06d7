// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.service;

import static io.efirts.api.spec.VariableAttributes.APPEND_WRITE;
import static io.efirts.api.spec.VariableAttributes.AUTHENTICATED_WRITE_ACCESS;
import static io.efirts.api.spec.VariableAttributes.BOOTSERVICE_ACCESS;
import static io.efirts.api.spec.VariableAttributes.HARDWARE_ERROR_RECORD;
import static io.efirts.api.spec.VariableAttributes.NON_VOLATILE;
import static io.efirts.api.spec.VariableAttributes.RUNTIME_ACCESS;
import static io.efirts.api.spec.VariableAttributes.TIME_BASED_AUTHENTICATED_WRITE_ACCESS;

import io.efirts.api.call.CallFrame;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.firmware.store.VariableStore;

/** GetVariable, GetNextVariableName and QueryVariableInfo. UEFI 2.10 section 8.2. */
public final class VariableReader {
  private static final int NUL_BYTES = Character.BYTES;

  private final VariableTable table;
  private final GuestName name;

  /**
   * The reading services.
   *
   * @param table what they read
   */
  public VariableReader(VariableTable table) {
    this.table = table;
    this.name = new GuestName(table.layout().maxVariableBytes());
  }

  /**
   * GetVariable(Name, Guid, Attributes, DataSize, Data). Attributes and DataSize are written on
   * SUCCESS and on BUFFER_TOO_SMALL.
   *
   * @param frame the call
   * @return the status
   */
  public long getVariable(CallFrame frame) {
    AddressSpaceView memory = frame.memory();
    long namePointer = frame.word(0);
    long guidPointer = frame.word(1);
    long attributesPointer = frame.word(2);
    long dataSizePointer = frame.word(3);
    long dataPointer = frame.word(4);
    if (namePointer == 0 || guidPointer == 0 || dataSizePointer == 0) {
      return EfiStatusCode.INVALID_PARAMETER;
    }
    long nameBytes = name.read(memory, namePointer, Long.MAX_VALUE);
    if (nameBytes == GuestName.TOO_LONG || nameBytes == NUL_BYTES) {
      return EfiStatusCode.NOT_FOUND;
    }
    long record =
        table.find(
            name.bytes(), nameBytes, memory.getLong(guidPointer), memory.getLong(guidPointer + 8));
    if (record == VariableStore.NONE) {
      return EfiStatusCode.NOT_FOUND;
    }
    VariableStore store = table.foundIn();
    long dataBytes = store.dataBytes(record);
    boolean fits = Long.compareUnsigned(memory.getLong(dataSizePointer), dataBytes) >= 0;
    if (fits) {
      if (dataPointer == 0) {
        return EfiStatusCode.INVALID_PARAMETER;
      }
      long data = store.dataOffset(record);
      memory.write(dataPointer, store.reach(data, dataBytes), data, dataBytes);
    }
    memory.putLong(dataSizePointer, dataBytes);
    if (attributesPointer != 0) {
      memory.putInt(attributesPointer, store.attributes(record));
    }
    return fits ? EfiStatusCode.SUCCESS : EfiStatusCode.BUFFER_TOO_SMALL;
  }

  /**
   * GetNextVariableName(NameSize, Name, Guid). NameSize is written on SUCCESS and on
   * BUFFER_TOO_SMALL, Name and Guid on SUCCESS only.
   *
   * @param frame the call
   * @return the status
   */
  public long getNextVariableName(CallFrame frame) {
    AddressSpaceView memory = frame.memory();
    long nameSizePointer = frame.word(0);
    long namePointer = frame.word(1);
    long guidPointer = frame.word(2);
    if (nameSizePointer == 0 || namePointer == 0 || guidPointer == 0) {
      return EfiStatusCode.INVALID_PARAMETER;
    }
    long nameSize = memory.getLong(nameSizePointer);
    // Sizes above what a signed number holds are cut by the longest name anyway.
    long limit = nameSize < 0 ? Long.MAX_VALUE : nameSize;
    long nameBytes = name.read(memory, namePointer, limit & -Character.BYTES);
    if (nameBytes == GuestName.TOO_LONG) {
      return EfiStatusCode.INVALID_PARAMETER;
    }
    long record;
    if (nameBytes == NUL_BYTES) {
      record = table.first();
    } else {
      long current =
          table.find(
              name.bytes(),
              nameBytes,
              memory.getLong(guidPointer),
              memory.getLong(guidPointer + 8));
      if (current == VariableStore.NONE) {
        return EfiStatusCode.INVALID_PARAMETER;
      }
      record = table.nextAfter(current);
    }
    if (record == VariableStore.NONE) {
      return EfiStatusCode.NOT_FOUND;
    }
    VariableStore store = table.foundIn();
    long needed = store.nameBytes(record);
    boolean fits = Long.compareUnsigned(nameSize, needed) >= 0;
    if (fits) {
      long found = store.nameOffset(record);
      memory.write(namePointer, store.reach(found, needed), found, needed);
      memory.putLong(guidPointer, store.guidLow(record));
      memory.putLong(guidPointer + 8, store.guidHigh(record));
    }
    memory.putLong(nameSizePointer, needed);
    return fits ? EfiStatusCode.SUCCESS : EfiStatusCode.BUFFER_TOO_SMALL;
  }

  /**
   * QueryVariableInfo(Attributes, MaximumVariableStorageSize, RemainingVariableStorageSize,
   * MaximumVariableSize).
   *
   * @param frame the call
   * @return the status
   */
  public long queryVariableInfo(CallFrame frame) {
    int attributes = (int) frame.word(0);
    long maximumStoragePointer = frame.word(1);
    long remainingPointer = frame.word(2);
    long maximumSizePointer = frame.word(3);
    if (maximumStoragePointer == 0
        || remainingPointer == 0
        || maximumSizePointer == 0
        || attributes == 0) {
      return EfiStatusCode.INVALID_PARAMETER;
    }
    long status = checkQuery(attributes & ~APPEND_WRITE, attributes);
    if (status != EfiStatusCode.SUCCESS) {
      return status;
    }
    VariableStore store = table.storeFor(attributes);
    int headerBytes = store.format().headerBytes();
    long maximumStorage = store.capacityBytes();
    long used = table.runtime() ? store.occupiedBytes() : store.liveBytes();
    long remaining = Math.max(0, maximumStorage - used);
    long maximumSize = table.layout().maxVariableBytes() - headerBytes;
    long largest = remaining < headerBytes ? 0 : Math.min(maximumSize, remaining - headerBytes);
    AddressSpaceView memory = frame.memory();
    memory.putLong(maximumStoragePointer, maximumStorage);
    memory.putLong(remainingPointer, remaining);
    memory.putLong(maximumSizePointer, largest);
    return EfiStatusCode.SUCCESS;
  }

  private long checkQuery(int attributes, int withAppend) {
    if ((withAppend & AUTHENTICATED_WRITE_ACCESS) != 0) {
      return EfiStatusCode.UNSUPPORTED;
    }
    int known = withAppend & VariableWriter.KNOWN_ATTRIBUTES & ~AUTHENTICATED_WRITE_ACCESS;
    if (known == 0) {
      return EfiStatusCode.UNSUPPORTED;
    }
    if ((attributes & VariableWriter.KNOWN_ATTRIBUTES) == NON_VOLATILE
        || (attributes & (RUNTIME_ACCESS | BOOTSERVICE_ACCESS)) == RUNTIME_ACCESS
        || (table.runtime() && (attributes & RUNTIME_ACCESS) == 0)
        || (attributes & (NON_VOLATILE | HARDWARE_ERROR_RECORD)) == HARDWARE_ERROR_RECORD) {
      return EfiStatusCode.INVALID_PARAMETER;
    }
    // Neither authenticated writes nor a quota for hardware error records exist here.
    return (attributes & (TIME_BASED_AUTHENTICATED_WRITE_ACCESS | HARDWARE_ERROR_RECORD)) == 0
        ? EfiStatusCode.SUCCESS
        : EfiStatusCode.UNSUPPORTED;
  }
}
