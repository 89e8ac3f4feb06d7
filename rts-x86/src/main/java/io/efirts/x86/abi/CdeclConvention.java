// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.abi;

import io.efirts.api.call.CallFrame;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.Passing;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spec.ServiceParameter;
import io.efirts.api.spec.ServiceSignature;
import io.efirts.x86.vcpu.X86Register;
import io.efirts.x86.vcpu.X86Vcpu;

/**
 * The convention of 32-bit UEFI (2.10 section 2.3.2.1): all arguments on the stack in slots of 4
 * bytes, a UINT64 in two of them, the result in EAX. At the first instruction of the function the
 * stack is:
 *
 * <pre>
 *  ESP + 0x00  return address
 *  ESP + 0x04  first argument; of a UINT64 the lower half
 *  ESP + 0x08  next slot ...
 * </pre>
 *
 * <p>Pointers and UINTN have 32 bits: a word that does not fit is refused. An EFI_STATUS keeps its
 * class bits at the top, 31 to 29 here and 63 to 61 in a 64-bit word.
 *
 * <p>Without state; any thread may use one.
 */
public final class CdeclConvention implements CallingConvention {
  private static final long SLOT_BYTES = Integer.BYTES;
  private static final long STATUS_CLASS = 0xE000_0000_0000_0000L;
  private static final long STATUS_CODE = 0x1FFF_FFFFL;

  /** The parameter of ResetSystem that is an EFI_STATUS. */
  private static final int RESET_STATUS = 1;

  /** The convention. */
  public CdeclConvention() {}

  @Override
  public void prepareCall(
      X86Vcpu vcpu, AddressSpaceView memory, CallFrame frame, long entryPoint, long returnAddress) {
    long stack = vcpu.get(X86Register.RSP);
    ArgumentChecks.requireAlignedStack(stack);
    requireFits("stack pointer", stack);
    requireFits("entry point", entryPoint);
    requireFits("return address", returnAddress);
    requireFits(frame);
    long first = stack - outgoingBytes(frame);
    long slot = first;
    for (int i = 0; i < frame.argumentCount(); i++) {
      long word = narrowed(frame.service(), i, frame.word(i));
      memory.putInt(slot, (int) word);
      slot += SLOT_BYTES;
      if (takesTwoSlots(frame.service(), i)) {
        memory.putInt(slot, (int) (word >>> Integer.SIZE));
        slot += SLOT_BYTES;
      }
    }
    memory.putInt(first - SLOT_BYTES, (int) returnAddress);
    vcpu.set(X86Register.RSP, first - SLOT_BYTES);
    vcpu.loadRip(entryPoint);
  }

  @Override
  public long finishCall(X86Vcpu vcpu, CallFrame frame) {
    vcpu.set(X86Register.RSP, vcpu.get(X86Register.RSP) + outgoingBytes(frame));
    return EfiStatusCode.ofWidth32((int) vcpu.get(X86Register.RAX));
  }

  @Override
  public int readArguments(
      X86Vcpu vcpu, AddressSpaceView memory, RuntimeService service, long[] into) {
    ServiceSignature signature = service.signature();
    int count = signature.parameterCount();
    ArgumentChecks.requireRoom(count, into);
    long slot = vcpu.get(X86Register.RSP) + SLOT_BYTES;
    for (int i = 0; i < count; i++) {
      long word = Integer.toUnsignedLong(memory.getInt(slot));
      slot += SLOT_BYTES;
      if (takesTwoSlots(service, i)) {
        word |= (long) memory.getInt(slot) << Integer.SIZE;
        slot += SLOT_BYTES;
      }
      into[i] = widened(service, i, word);
    }
    return count;
  }

  @Override
  public void readWords(X86Vcpu vcpu, AddressSpaceView memory, int count, long[] into) {
    ArgumentChecks.requireRoom(count, into);
    long first = vcpu.get(X86Register.RSP) + SLOT_BYTES;
    for (int i = 0; i < count; i++) {
      into[i] = Integer.toUnsignedLong(memory.getInt(first + i * SLOT_BYTES));
    }
  }

  @Override
  public void returnStatus(X86Vcpu vcpu, AddressSpaceView memory, long status) {
    requireStatusFits(status);
    long stack = vcpu.get(X86Register.RSP);
    int returnAddress = memory.getInt(stack);
    vcpu.set(X86Register.RAX, status32(status));
    vcpu.set(X86Register.RSP, stack + SLOT_BYTES);
    vcpu.loadRip(Integer.toUnsignedLong(returnAddress));
  }

  private static long outgoingBytes(CallFrame frame) {
    long slots = frame.argumentCount();
    for (int i = 0; i < frame.argumentCount(); i++) {
      slots += takesTwoSlots(frame.service(), i) ? 1 : 0;
    }
    return ArgumentChecks.aligned(slots * SLOT_BYTES);
  }

  /** A vendor's words are all as wide as a pointer. */
  private static boolean takesTwoSlots(RuntimeService service, int index) {
    if (service == null) {
      return false;
    }
    ServiceParameter parameter = service.signature().parameter(index);
    return parameter.passing() == Passing.VALUE && parameter.widthBytes32() > SLOT_BYTES;
  }

  private static boolean isStatus(RuntimeService service, int index) {
    return service == RuntimeService.RESET_SYSTEM && index == RESET_STATUS;
  }

  private static long narrowed(RuntimeService service, int index, long word) {
    return isStatus(service, index) ? status32(word) : word;
  }

  private static long widened(RuntimeService service, int index, long word) {
    if (isStatus(service, index)) {
      return EfiStatusCode.ofWidth32((int) word);
    }
    ServiceParameter parameter = service.signature().parameter(index);
    return parameter.passing() == Passing.VALUE
        ? word & -1L >>> Long.SIZE - Byte.SIZE * parameter.widthBytes32()
        : word;
  }

  private static long status32(long status) {
    return (status & STATUS_CLASS) >>> Integer.SIZE | status & STATUS_CODE;
  }

  private static void requireStatusFits(long status) {
    if ((status & ~(STATUS_CLASS | STATUS_CODE)) != 0) {
      throw new IllegalArgumentException(
          "status must have a 32-bit form: status=0x" + Long.toHexString(status));
    }
  }

  private static void requireFits(CallFrame frame) {
    RuntimeService service = frame.service();
    for (int i = 0; i < frame.argumentCount(); i++) {
      if (isStatus(service, i)) {
        requireStatusFits(frame.word(i));
      } else if (!takesTwoSlots(service, i)) {
        requireFits(service, i, frame.word(i));
      }
    }
  }

  private static void requireFits(RuntimeService service, int index, long word) {
    if (word >>> Integer.SIZE != 0) {
      requireFits(
          service == null ? "word " + index : service.signature().parameter(index).name(), word);
    }
  }

  private static void requireFits(String what, long word) {
    if (word >>> Integer.SIZE != 0) {
      throw new IllegalArgumentException(
          what + " must fit 32 bits: value=0x" + Long.toHexString(word));
    }
  }
}
