// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.service;

import io.efirts.api.CallResult;
import io.efirts.api.LongHolder;
import io.efirts.api.NonBlockingRuntimeServices;
import io.efirts.api.call.VariableCalls;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.gate.FirmwareGate;
import io.efirts.dispatch.instance.Instances;
import io.efirts.dispatch.path.DirectPath;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** The non-blocking services, on the calling thread. */
public final class DirectRuntimeServices implements NonBlockingRuntimeServices {
  private final Instances instances;

  /**
   * The services of whichever firmware instance serves.
   *
   * @param instances which one that is
   */
  public DirectRuntimeServices(Instances instances) {
    this.instances = instances;
  }

  @Override
  public CallResult setVariable(
      CharSequence variableName,
      EfiGuid vendorGuid,
      int attributes,
      long dataSize,
      MemorySegment data) {
    Objects.requireNonNull(variableName, "variableName");
    Objects.requireNonNull(vendorGuid, "vendorGuid");
    DirectPath path = instances.current().bypass();
    long previous = path.deferStops();
    long hold = FirmwareGate.NOT_ACQUIRED;
    try {
      hold = path.hold(RuntimeService.SET_VARIABLE);
      if (hold == FirmwareGate.NOT_ACQUIRED) {
        return path.refusal(RuntimeService.SET_VARIABLE);
      }
      VariableCalls.packSetVariable(
          path.item(), variableName, vendorGuid, attributes, dataSize, data);
      return path.execute(hold);
    } finally {
      path.letGo(hold);
      path.allowStops(previous);
    }
  }

  @Override
  public CallResult queryVariableInfo(
      int attributes,
      LongHolder maximumVariableStorageSize,
      LongHolder remainingVariableStorageSize,
      LongHolder maximumVariableSize) {
    Objects.requireNonNull(maximumVariableStorageSize, "maximumVariableStorageSize");
    Objects.requireNonNull(remainingVariableStorageSize, "remainingVariableStorageSize");
    Objects.requireNonNull(maximumVariableSize, "maximumVariableSize");
    DirectPath path = instances.current().bypass();
    long previous = path.deferStops();
    long hold = FirmwareGate.NOT_ACQUIRED;
    try {
      hold = path.hold(RuntimeService.QUERY_VARIABLE_INFO);
      if (hold == FirmwareGate.NOT_ACQUIRED) {
        return path.refusal(RuntimeService.QUERY_VARIABLE_INFO);
      }
      VariableCalls.packQueryVariableInfo(path.item(), attributes);
      CallResult result = path.execute(hold);
      VariableCalls.copyOutQueryVariableInfo(
          path.item(),
          result,
          maximumVariableStorageSize,
          remainingVariableStorageSize,
          maximumVariableSize);
      return result;
    } finally {
      path.letGo(hold);
      path.allowStops(previous);
    }
  }
}
