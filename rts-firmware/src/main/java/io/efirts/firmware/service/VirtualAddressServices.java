// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.service;

import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.firmware.placed.Relocation;

/** SetVirtualAddressMap and ConvertPointer. UEFI 2.10 section 8.4, checks in EDK2's order. */
public final class VirtualAddressServices {
  private static final long OPTIONAL_POINTER = 1;

  private final VariableTable variables;

  /** Null for a firmware that does not lie in guest memory and has no pointers. */
  private final Relocation relocation;

  private volatile boolean virtual;

  /**
   * The services of a firmware at its physical addresses.
   *
   * @param variables know whether boot services have ended
   * @param relocation moves the firmware, or null if nothing of it is in guest memory
   */
  public VirtualAddressServices(VariableTable variables, Relocation relocation) {
    this.variables = variables;
    this.relocation = relocation;
  }

  /**
   * Whether SetVirtualAddressMap has begun; a fault in its middle does not undo that.
   *
   * @return true from then on
   */
  public boolean virtual() {
    return virtual;
  }

  /**
   * SetVirtualAddressMap(MemoryMapSize, DescriptorSize, DescriptorVersion, VirtualMap). Any
   * distance between descriptors will do; as in EDK2 nothing they say is checked.
   *
   * @param frame the call
   * @return UNSUPPORTED before ExitBootServices and when called before; INVALID_PARAMETER for
   *     another version, descriptors below 40 bytes, and more than {@link
   *     Relocation#MAXIMUM_DESCRIPTORS} of them, a limit of this firmware
   */
  public long setVirtualAddressMap(CallFrame frame) {
    long mapSize = frame.word(0);
    long descriptorSize = frame.word(1);
    int descriptorVersion = (int) frame.word(2);
    long virtualMap = frame.word(3);
    if (!variables.runtime() || virtual) {
      return EfiStatusCode.UNSUPPORTED;
    }
    if (descriptorVersion != EfiMemoryDescriptor.VERSION
        || Long.compareUnsigned(descriptorSize, EfiMemoryDescriptor.SIZE_BYTES) < 0) {
      return EfiStatusCode.INVALID_PARAMETER;
    }
    long descriptors = Long.divideUnsigned(mapSize, descriptorSize);
    if (descriptors > Relocation.MAXIMUM_DESCRIPTORS) {
      return EfiStatusCode.INVALID_PARAMETER;
    }
    virtual = true;
    if (relocation != null) {
      relocation.perform(frame.memory(), virtualMap, descriptorSize, (int) descriptors);
    }
    return EfiStatusCode.SUCCESS;
  }

  /**
   * ConvertPointer(DebugDisposition, Address). It is for drivers inside SetVirtualAddressMap, and
   * to everybody else there is no map in which an address could be found.
   *
   * @param frame the call
   * @return the status, which is SUCCESS for an optional pointer that is null alone
   */
  public long convertPointer(CallFrame frame) {
    long debugDisposition = frame.word(0);
    long pointer = frame.word(1);
    if (pointer == 0) {
      return EfiStatusCode.INVALID_PARAMETER;
    }
    if (frame.memory().getLong(pointer) == 0) {
      return (debugDisposition & OPTIONAL_POINTER) != 0
          ? EfiStatusCode.SUCCESS
          : EfiStatusCode.INVALID_PARAMETER;
    }
    return EfiStatusCode.NOT_FOUND;
  }
}
