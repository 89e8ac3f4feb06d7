// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import io.efirts.api.spi.VirtualModeFailure;

/** What a fault usually means, in one sentence for the fault report. */
final class LikelyCause {
  private static final long FIRST_PAGE_BYTES = 4096;

  private LikelyCause() {}

  static String of(Throwable thrown, EfiMemoryDescriptor nearest) {
    return switch (thrown) {
      case FirmwareFault fault -> ofMemory(fault, nearest);
      case StackOverflowError e -> "the firmware recursed without end or its stack is too small";
      case OutOfMemoryError e -> "the firmware, or its thread, found no memory left";
      case VirtualModeFailure f ->
          "firmware was left between physical and virtual addresses: its services stay disabled";
      default -> "an exception or error in the firmware's own Java code";
    };
  }

  private static String ofMemory(FirmwareFault fault, EfiMemoryDescriptor nearest) {
    return switch (fault.kind()) {
      case NOT_MAPPED -> notMapped(fault, nearest);
      case PROTECTION ->
          fault.access() == Access.EXECUTE
              ? "code was called that the memory attributes do not let execute"
              : "the memory attributes do not permit this access";
      case NO_MEMORY -> "the page tables map an address behind which there is no memory";
      case NON_CANONICAL -> "a corrupt or uninitialised pointer";
      case BRANCH_TARGET -> "an indirect branch to code that was built without branch targets";
      case ALIGNMENT -> "an access that is not aligned, where the memory or the access demands it";
      case EXCEPTION -> "an exception in the firmware's own Java code";
      case PROCESSOR_EXCEPTION -> "an instruction of the firmware's that the processor refuses";
      case UNWOUND -> "firmware that waits for something that does not happen";
      case MACHINE_LOST -> "the machine was stopped or killed from outside, or has crashed";
    };
  }

  private static String notMapped(FirmwareFault fault, EfiMemoryDescriptor nearest) {
    if (fault.address() >= 0 && fault.address() < FIRST_PAGE_BYTES) {
      return "a null pointer";
    }
    if (nearest == null) {
      return "memory that the firmware's page tables do not map";
    }
    long start = nearest.virtualStart() == 0 ? nearest.physicalStart() : nearest.virtualStart();
    long offset = fault.address() - start;
    if (offset < 0 || offset >= nearest.numberOfPages() * EfiMemoryDescriptor.PAGE_SIZE_BYTES) {
      return "memory that no descriptor declares";
    }
    if ((nearest.attribute() & MemoryAttributes.RUNTIME) == 0) {
      return "memory that was not declared for runtime use: " + MemoryType.nameOf(nearest.type());
    }
    return "declared memory that was left out of the firmware's page tables";
  }
}
