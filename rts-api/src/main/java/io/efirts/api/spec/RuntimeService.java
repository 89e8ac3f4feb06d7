// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import static io.efirts.api.spec.Direction.IN;
import static io.efirts.api.spec.Direction.INOUT;
import static io.efirts.api.spec.Direction.OUT;
import static io.efirts.api.spec.ServiceParameter.buffer;
import static io.efirts.api.spec.ServiceParameter.nativePointer;
import static io.efirts.api.spec.ServiceParameter.nativeValue;
import static io.efirts.api.spec.ServiceParameter.pointer;
import static io.efirts.api.spec.ServiceParameter.value;

/**
 * The 14 runtime services in the order of {@code EFI_RUNTIME_SERVICES}, which is not the order of
 * their bits in {@link RtProperties}. UEFI 2.10 section 4.5 and chapter 8.
 *
 * <p>Every method may be called by any thread, allocates nothing and never blocks.
 */
public enum RuntimeService {
  /** Reads the clock. */
  GET_TIME(
      "GetTime",
      0x0001,
      pointer(OUT, "Time", EfiTime.SIZE_BYTES),
      pointer(OUT, "Capabilities", EfiTimeCapabilities.SIZE_BYTES).orNone()),

  /** Sets the clock. */
  SET_TIME("SetTime", 0x0002, pointer(IN, "Time", EfiTime.SIZE_BYTES)),

  /** Reads the wake-up alarm. */
  GET_WAKEUP_TIME(
      "GetWakeupTime",
      0x0004,
      pointer(OUT, "Enabled", 1),
      pointer(OUT, "Pending", 1),
      pointer(OUT, "Time", EfiTime.SIZE_BYTES)),

  /** Sets or disables the wake-up alarm. */
  SET_WAKEUP_TIME(
      "SetWakeupTime",
      0x0008,
      value("Enable", 1),
      pointer(IN, "Time", EfiTime.SIZE_BYTES).orNone()),

  /** Moves firmware from physical to virtual addresses, once. */
  SET_VIRTUAL_ADDRESS_MAP(
      "SetVirtualAddressMap",
      0x0080,
      nativeValue("MemoryMapSize"),
      nativeValue("DescriptorSize"),
      value("DescriptorVersion", 4),
      buffer(IN, "VirtualMap")),

  /** Converts one pointer during {@link #SET_VIRTUAL_ADDRESS_MAP}. */
  CONVERT_POINTER(
      "ConvertPointer", 0x0100, nativeValue("DebugDisposition"), nativePointer(INOUT, "Address")),

  /** Reads a variable. */
  GET_VARIABLE(
      "GetVariable",
      0x0010,
      buffer(IN, "VariableName"),
      pointer(IN, "VendorGuid", EfiGuid.SIZE_BYTES),
      pointer(OUT, "Attributes", 4).orNone(),
      nativePointer(INOUT, "DataSize"),
      buffer(OUT, "Data").orNone()),

  /** Steps through the names of all variables. */
  GET_NEXT_VARIABLE_NAME(
      "GetNextVariableName",
      0x0020,
      nativePointer(INOUT, "VariableNameSize"),
      buffer(INOUT, "VariableName"),
      pointer(INOUT, "VendorGuid", EfiGuid.SIZE_BYTES)),

  /** Creates, changes or deletes a variable. */
  SET_VARIABLE(
      "SetVariable",
      0x0040,
      buffer(IN, "VariableName"),
      pointer(IN, "VendorGuid", EfiGuid.SIZE_BYTES),
      value("Attributes", 4),
      nativeValue("DataSize"),
      buffer(IN, "Data").orNone()),

  /** Advances and returns the upper half of the monotonic counter. */
  GET_NEXT_HIGH_MONOTONIC_COUNT("GetNextHighMonotonicCount", 0x0200, pointer(OUT, "HighCount", 4)),

  /** Resets the machine; the only service that returns nothing. */
  RESET_SYSTEM(
      "ResetSystem",
      0x0400,
      value("ResetType", 4),
      nativeValue("ResetStatus"),
      nativeValue("DataSize"),
      buffer(IN, "ResetData").orNone()),

  /** Hands capsules to firmware. */
  UPDATE_CAPSULE(
      "UpdateCapsule",
      0x0800,
      buffer(IN, "CapsuleHeaderArray"),
      nativeValue("CapsuleCount"),
      value("ScatterGatherList", 8).orNone()),

  /** Asks whether capsules could be taken. */
  QUERY_CAPSULE_CAPABILITIES(
      "QueryCapsuleCapabilities",
      0x1000,
      buffer(IN, "CapsuleHeaderArray"),
      nativeValue("CapsuleCount"),
      pointer(OUT, "MaximumCapsuleSize", 8),
      pointer(OUT, "ResetType", 4)),

  /** Reports the size and the free space of the variable store. */
  QUERY_VARIABLE_INFO(
      "QueryVariableInfo",
      0x2000,
      value("Attributes", 4),
      pointer(OUT, "MaximumVariableStorageSize", 8),
      pointer(OUT, "RemainingVariableStorageSize", 8),
      pointer(OUT, "MaximumVariableSize", 8));

  /** How many services there are. */
  public static final int COUNT = 14;

  private static final RuntimeService[] IN_TABLE_ORDER = values();

  private final String efiName;
  private final int rtPropertiesBit;
  private final ServiceSignature signature;

  RuntimeService(String efiName, int rtPropertiesBit, ServiceParameter... parameters) {
    this.efiName = efiName;
    this.rtPropertiesBit = rtPropertiesBit;
    this.signature = ServiceSignature.of(parameters);
  }

  /**
   * Returns the service at a place of the table. Unlike {@link #values()} it copies no array.
   *
   * @param tableIndex the place behind the table's header, 0 to 13; also the {@link #ordinal()}
   * @return the service
   * @throws IndexOutOfBoundsException when there is none at that place
   */
  public static RuntimeService of(int tableIndex) {
    if (tableIndex < 0 || tableIndex >= COUNT) {
      throw new IndexOutOfBoundsException("tableIndex must be 0 to 13: tableIndex=" + tableIndex);
    }
    return IN_TABLE_ORDER[tableIndex];
  }

  /**
   * Returns the specification's name.
   *
   * @return for example {@code GetTime}
   */
  public String efiName() {
    return efiName;
  }

  /**
   * Returns where the function pointer lies in the table of a 64-bit firmware.
   *
   * @return bytes from the start of the table, 24 to 128
   */
  public int offset64() {
    return RuntimeServicesTable.HEADER_SIZE_BYTES + ordinal() * Long.BYTES;
  }

  /**
   * Returns where the function pointer lies in the table of a 32-bit firmware.
   *
   * @return bytes from the start of the table, 24 to 76
   */
  public int offset32() {
    return RuntimeServicesTable.HEADER_SIZE_BYTES + ordinal() * Integer.BYTES;
  }

  /**
   * Returns the bit that says in {@link RtProperties} that the service works at runtime.
   *
   * @return one bit of {@link RtProperties#ALL_SERVICES}
   */
  public int rtPropertiesBit() {
    return rtPropertiesBit;
  }

  /**
   * Returns the parameters.
   *
   * @return the signature
   */
  public ServiceSignature signature() {
    return signature;
  }

  /**
   * Says whether the service hands back an {@code EFI_STATUS}.
   *
   * @return false for {@link #RESET_SYSTEM} alone
   */
  public boolean returnsStatus() {
    return this != RESET_SYSTEM;
  }

  /**
   * Says whether a table of a revision has an entry for the service: the two capsule services and
   * {@link #QUERY_VARIABLE_INFO} came with 2.0.
   *
   * @param tableRevision the revision word of the table's header
   * @return true when the function pointer may be read
   */
  public boolean existsIn(int tableRevision) {
    return ordinal() < UPDATE_CAPSULE.ordinal()
        || Integer.compareUnsigned(tableRevision, RuntimeServicesTable.REVISION_2_0) >= 0;
  }
}
