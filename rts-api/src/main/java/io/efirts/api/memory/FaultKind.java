// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.memory;

/** Why the processor, or the Java code that stands for firmware, could not go on. */
public enum FaultKind {
  /** No mapping for the address. */
  NOT_MAPPED,
  /** Mapped, but the access is not permitted. */
  PROTECTION,
  /** Translated to a physical address behind which the guest has no memory. */
  NO_MEMORY,
  /** The address is not canonical in the active address space. */
  NON_CANONICAL,
  /** An indirect branch landed where the target was not marked as one (IBT, BTI). */
  BRANCH_TARGET,
  /** The address is not aligned as the access, or the memory behind it, demands. */
  ALIGNMENT,
  /** An exception or error thrown by firmware that is written in Java. */
  EXCEPTION,
  /** Another exception of the processor; the fault's detail says which. */
  PROCESSOR_EXCEPTION,
  /** The call took too long, or was in the way of a crash, and was ended from outside. */
  UNWOUND,
  /** The machine that ran firmware has ended or does not answer. */
  MACHINE_LOST
}
