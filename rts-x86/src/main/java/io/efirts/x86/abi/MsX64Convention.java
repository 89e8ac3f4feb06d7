// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.abi;

import io.efirts.api.call.CallFrame;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spec.ServiceParameter;
import io.efirts.api.spec.ServiceSignature;
import io.efirts.x86.vcpu.X86Register;
import io.efirts.x86.vcpu.X86Vcpu;

/**
 * The convention of 64-bit UEFI (2.10 section 2.3.4.2), which is Microsoft's for x64: four
 * arguments in registers, the rest on the stack, the result in RAX. At the first instruction of the
 * function the stack is:
 *
 * <pre>
 *  RSP + 0x00  return address
 *  RSP + 0x08  shadow space for RCX, RDX, R8, R9: 32 bytes, the function's to use
 *  RSP + 0x28  fifth argument
 *  RSP + 0x30  sixth argument
 * </pre>
 *
 * Without state; any thread may use one.
 */
public final class MsX64Convention implements CallingConvention {
  private static final X86Register[] IN_REGISTERS = {
    X86Register.RCX, X86Register.RDX, X86Register.R8, X86Register.R9
  };
  private static final long SHADOW_BYTES = IN_REGISTERS.length * Long.BYTES;

  /** The convention. */
  public MsX64Convention() {}

  @Override
  public void prepareCall(
      X86Vcpu vcpu, AddressSpaceView memory, CallFrame frame, long entryPoint, long returnAddress) {
    long stack = vcpu.get(X86Register.RSP);
    ArgumentChecks.requireAlignedStack(stack);
    long shadow = stack - outgoingBytes(frame);
    int count = frame.argumentCount();
    for (int i = IN_REGISTERS.length; i < count; i++) {
      memory.putLong(shadow + (long) i * Long.BYTES, frame.word(i));
    }
    memory.putLong(shadow - Long.BYTES, returnAddress);
    for (int i = 0; i < Math.min(count, IN_REGISTERS.length); i++) {
      vcpu.set(IN_REGISTERS[i], frame.word(i));
    }
    vcpu.set(X86Register.RSP, shadow - Long.BYTES);
    vcpu.loadRip(entryPoint);
  }

  @Override
  public long finishCall(X86Vcpu vcpu, CallFrame frame) {
    vcpu.set(X86Register.RSP, vcpu.get(X86Register.RSP) + outgoingBytes(frame));
    return vcpu.get(X86Register.RAX);
  }

  @Override
  public int readArguments(
      X86Vcpu vcpu, AddressSpaceView memory, RuntimeService service, long[] into) {
    ServiceSignature signature = service.signature();
    int count = signature.parameterCount();
    readWords(vcpu, memory, count, into);
    for (int i = 0; i < count; i++) {
      into[i] = narrowed(signature.parameter(i), into[i]);
    }
    return count;
  }

  @Override
  public void readWords(X86Vcpu vcpu, AddressSpaceView memory, int count, long[] into) {
    ArgumentChecks.requireRoom(count, into);
    long shadow = vcpu.get(X86Register.RSP) + Long.BYTES;
    for (int i = 0; i < count; i++) {
      into[i] =
          i < IN_REGISTERS.length
              ? vcpu.get(IN_REGISTERS[i])
              : memory.getLong(shadow + (long) i * Long.BYTES);
    }
  }

  @Override
  public void returnStatus(X86Vcpu vcpu, AddressSpaceView memory, long status) {
    long stack = vcpu.get(X86Register.RSP);
    long returnAddress = memory.getLong(stack);
    vcpu.set(X86Register.RAX, status);
    vcpu.set(X86Register.RSP, stack + Long.BYTES);
    vcpu.loadRip(returnAddress);
  }

  private static long outgoingBytes(CallFrame frame) {
    long onStack = Math.max(0, frame.argumentCount() - IN_REGISTERS.length) * (long) Long.BYTES;
    return ArgumentChecks.aligned(SHADOW_BYTES + onStack);
  }

  private static long narrowed(ServiceParameter parameter, long word) {
    return switch (parameter.passing()) {
      case POINTER -> word;
      case VALUE -> word & -1L >>> Long.SIZE - Byte.SIZE * parameter.widthBytes();
    };
  }
}
