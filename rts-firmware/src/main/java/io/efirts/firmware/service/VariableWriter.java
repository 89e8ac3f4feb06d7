// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.service;

import static io.efirts.api.spec.VariableAttributes.APPEND_WRITE;
import static io.efirts.api.spec.VariableAttributes.AUTHENTICATED_WRITE_ACCESS;
import static io.efirts.api.spec.VariableAttributes.BOOTSERVICE_ACCESS;
import static io.efirts.api.spec.VariableAttributes.ENHANCED_AUTHENTICATED_ACCESS;
import static io.efirts.api.spec.VariableAttributes.HARDWARE_ERROR_RECORD;
import static io.efirts.api.spec.VariableAttributes.NON_VOLATILE;
import static io.efirts.api.spec.VariableAttributes.RUNTIME_ACCESS;
import static io.efirts.api.spec.VariableAttributes.TIME_BASED_AUTHENTICATED_WRITE_ACCESS;

import io.efirts.api.call.CallFrame;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.VariableAttributes;
import io.efirts.firmware.store.VariableStore;
import java.lang.foreign.MemorySegment;

/**
 * SetVariable. UEFI 2.10 section 8.2.4, checks in EDK2's order.
 *
 * <p>Name and data are copied before the store is touched, so a fault on the guest's memory leaves
 * it unchanged.
 */
public final class VariableWriter {
  /** Every attribute bit EDK2 accepts in a request. */
  static final int KNOWN_ATTRIBUTES =
      VariableAttributes.ALL_DEFINED & ~ENHANCED_AUTHENTICATED_ACCESS;

  private static final int ACCESS = BOOTSERVICE_ACCESS | RUNTIME_ACCESS;
  private static final int AUTHENTICATION =
      AUTHENTICATED_WRITE_ACCESS | TIME_BASED_AUTHENTICATED_WRITE_ACCESS;
  private static final int NUL_BYTES = Character.BYTES;

  private final VariableTable table;
  private final GuestName name;
  private final MemorySegment data;

  /**
   * The writing service.
   *
   * @param table what it writes
   */
  public VariableWriter(VariableTable table) {
    this.table = table;
    int maxBytes = table.layout().maxAuthenticatedVariableBytes();
    this.name = new GuestName(table.layout().maxVariableBytes());
    this.data = MemorySegment.ofArray(new byte[maxBytes]);
  }

  /**
   * SetVariable(Name, Guid, Attributes, DataSize, Data).
   *
   * @param frame the call
   * @return the status
   */
  public long setVariable(CallFrame frame) {
    AddressSpaceView memory = frame.memory();
    long namePointer = frame.word(0);
    long guidPointer = frame.word(1);
    int attributes = (int) frame.word(2);
    long dataBytes = frame.word(3);
    long dataPointer = frame.word(4);
    if (namePointer == 0) {
      return EfiStatusCode.INVALID_PARAMETER;
    }
    long nameBytes = name.read(memory, namePointer, Long.MAX_VALUE);
    if (nameBytes == NUL_BYTES || guidPointer == 0 || (dataBytes != 0 && dataPointer == 0)) {
      return EfiStatusCode.INVALID_PARAMETER;
    }
    long status = checkAttributes(attributes);
    if (status != EfiStatusCode.SUCCESS) {
      return status;
    }
    if (!isWithinLimit(nameBytes, dataBytes, attributes)) {
      return EfiStatusCode.INVALID_PARAMETER;
    }
    long guidLow = memory.getLong(guidPointer);
    long guidHigh = memory.getLong(guidPointer + 8);
    memory.read(dataPointer, data, 0, dataBytes);
    return update(name.bytes(), nameBytes, guidLow, guidHigh, attributes, dataBytes);
  }

  /**
   * Sets a variable of the firmware's own, by the same rules.
   *
   * @param variable which one
   * @param attributes as in SetVariable
   * @param value the new value; without attributes the variable is deleted
   * @return the status
   */
  long set(OwnVariable variable, int attributes, int value) {
    data.set(OwnVariable.VALUE, 0, value);
    return update(
        variable.utf16(),
        variable.utf16().byteSize(),
        variable.guid().wireLow(),
        variable.guid().wireHigh(),
        attributes,
        attributes == 0 ? 0 : Integer.BYTES);
  }

  private static long checkAttributes(int attributes) {
    if ((attributes & ~KNOWN_ATTRIBUTES) != 0) {
      return EfiStatusCode.INVALID_PARAMETER;
    }
    boolean runtimeOnly = (attributes & ACCESS) == RUNTIME_ACCESS;
    boolean nonVolatileOnly =
        (attributes & KNOWN_ATTRIBUTES & ~AUTHENTICATED_WRITE_ACCESS) == NON_VOLATILE;
    if (runtimeOnly || nonVolatileOnly) {
      return (attributes & AUTHENTICATED_WRITE_ACCESS) != 0
          ? EfiStatusCode.UNSUPPORTED
          : EfiStatusCode.INVALID_PARAMETER;
    }
    // A firmware without authentication, and without a quota for hardware error records.
    return (attributes & (AUTHENTICATION | HARDWARE_ERROR_RECORD)) != 0
        ? EfiStatusCode.INVALID_PARAMETER
        : EfiStatusCode.SUCCESS;
  }

  private boolean isWithinLimit(long nameBytes, long dataBytes, int attributes) {
    long limit = maxPayloadBytes(attributes);
    return nameBytes != GuestName.TOO_LONG
        && nameBytes <= limit
        && Long.compareUnsigned(dataBytes, limit - nameBytes) <= 0;
  }

  /** Most bytes of name and data together. */
  private long maxPayloadBytes(int attributes) {
    return table.layout().maxVariableBytes() - table.storeFor(attributes).format().headerBytes();
  }

  /** The part behind the checks of the arguments alone; the data is in {@link #data}. */
  private long update(
      MemorySegment name,
      long nameBytes,
      long guidLow,
      long guidHigh,
      int attributes,
      long dataBytes) {
    long current = table.findHidden(name, nameBytes, guidLow, guidHigh);
    if (current == VariableStore.NONE) {
      return create(name, nameBytes, guidLow, guidHigh, attributes, dataBytes);
    }
    VariableStore store = table.foundIn();
    int existing = store.attributes(current);
    long status = checkExisting(existing, attributes);
    if (status != EfiStatusCode.SUCCESS) {
      return status;
    }
    boolean append = (attributes & APPEND_WRITE) != 0;
    if ((!append && dataBytes == 0) || (attributes & ACCESS) == 0) {
      return store.delete(current);
    }
    long oldBytes = store.dataBytes(current);
    if (append ? dataBytes == 0 : holds(store, current, dataBytes)) {
      return EfiStatusCode.SUCCESS;
    }
    long newBytes = dataBytes;
    if (append) {
      newBytes += oldBytes;
      if (newBytes > maxPayloadBytes(existing) - nameBytes) {
        return EfiStatusCode.INVALID_PARAMETER;
      }
      MemorySegment.copy(data, 0, data, oldBytes, dataBytes);
      long old = store.dataOffset(current);
      MemorySegment.copy(store.reach(old, oldBytes), old, data, 0, oldBytes);
    }
    return store.put(current, name, nameBytes, guidLow, guidHigh, existing, data, newBytes);
  }

  private long checkExisting(int existing, int attributes) {
    boolean runtime = table.runtime();
    if (runtime && (existing & RUNTIME_ACCESS) == 0) {
      return EfiStatusCode.WRITE_PROTECTED;
    }
    if (attributes != 0 && (attributes & ~APPEND_WRITE) != existing) {
      return EfiStatusCode.INVALID_PARAMETER;
    }
    boolean volatileAtRuntime = runtime && (existing & NON_VOLATILE) == 0;
    boolean authenticated = (existing & AUTHENTICATION) != 0;
    return authenticated || volatileAtRuntime || !table.foundIn().writable()
        ? EfiStatusCode.WRITE_PROTECTED
        : EfiStatusCode.SUCCESS;
  }

  private boolean holds(VariableStore store, long record, long dataBytes) {
    long own = store.dataOffset(record);
    return store.dataBytes(record) == dataBytes
        && MemorySegment.mismatch(
                store.reach(own, dataBytes), own, own + dataBytes, data, 0, dataBytes)
            == -1;
  }

  private long create(
      MemorySegment name,
      long nameBytes,
      long guidLow,
      long guidHigh,
      int attributes,
      long dataBytes) {
    boolean append = (attributes & APPEND_WRITE) != 0;
    if (append && dataBytes == 0) {
      return EfiStatusCode.SUCCESS;
    }
    if (dataBytes == 0 || (attributes & ACCESS) == 0) {
      return EfiStatusCode.NOT_FOUND;
    }
    int writableAtRuntime = NON_VOLATILE | RUNTIME_ACCESS;
    if (table.runtime() && (attributes & writableAtRuntime) != writableAtRuntime) {
      return EfiStatusCode.INVALID_PARAMETER;
    }
    return table
        .storeFor(attributes)
        .put(
            VariableStore.NONE,
            name,
            nameBytes,
            guidLow,
            guidHigh,
            attributes & ~APPEND_WRITE,
            data,
            dataBytes);
  }
}
