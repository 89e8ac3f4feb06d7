// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatusCode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The two reading variable services over a list of variables. Subclasses misbehave by overriding
 * one of the services; every other service throws.
 */
class FakeVariables {
  record Variable(String name, EfiGuid guid, int attributes, byte[] data) {}

  static final EfiGuid GUID = EfiGuid.of("6f1d3bd4-6a53-4d2c-9d62-6d0a3c8b7a10");

  final List<Variable> variables = new ArrayList<>();
  final List<Long> offeredDataSizes = new ArrayList<>();
  final List<Integer> offeredNameSizes = new ArrayList<>();

  FakeVariables with(String name, int attributes, byte... data) {
    variables.add(new Variable(name, GUID, attributes, data));
    return this;
  }

  RuntimeServices services() {
    return (RuntimeServices)
        Proxy.newProxyInstance(
            RuntimeServices.class.getClassLoader(),
            new Class<?>[] {RuntimeServices.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getVariable" ->
                      getVariable(
                          (String) arguments[0],
                          (EfiGuid) arguments[1],
                          (IntHolder) arguments[2],
                          (LongHolder) arguments[3],
                          (MemorySegment) arguments[4]);
                  case "getNextVariableName" ->
                      getNextVariableName((VariableNameCursor) arguments[0]);
                  default -> throw new AssertionError("unexpected call: " + method);
                });
  }

  CallResult getVariable(
      String name, EfiGuid guid, IntHolder attributes, LongHolder dataSize, MemorySegment data) {
    offeredDataSizes.add(dataSize.value);
    for (Variable variable : variables) {
      if (variable.name.equals(name) && variable.guid.equals(guid)) {
        long offered = dataSize.value;
        dataSize.value = variable.data.length;
        attributes.value = variable.attributes;
        if (offered < variable.data.length) {
          return CallResult.completed(EfiStatusCode.BUFFER_TOO_SMALL);
        }
        MemorySegment.copy(variable.data, 0, data, ValueLayout.JAVA_BYTE, 0, variable.data.length);
        return CallResult.completed(EfiStatusCode.SUCCESS);
      }
    }
    return CallResult.completed(EfiStatusCode.NOT_FOUND);
  }

  CallResult getNextVariableName(VariableNameCursor cursor) {
    offeredNameSizes.add(cursor.capacityBytes());
    int next = 0;
    if (!cursor.name().isEmpty()) {
      while (!variables.get(next).name.equals(cursor.name())) {
        next++;
      }
      next++;
    }
    if (next == variables.size()) {
      return CallResult.completed(EfiStatusCode.NOT_FOUND);
    }
    return step(cursor, variables.get(next).name);
  }

  static CallResult step(VariableNameCursor cursor, String name) {
    byte[] units = (name + '\0').getBytes(StandardCharsets.UTF_16LE);
    cursor.sizeBytes(units.length);
    if (cursor.capacityBytes() < units.length) {
      return CallResult.completed(EfiStatusCode.BUFFER_TOO_SMALL);
    }
    MemorySegment.copy(units, 0, cursor.nameBytes(), ValueLayout.JAVA_BYTE, 0, units.length);
    GUID.write(cursor.guidBytes(), 0);
    return CallResult.completed(EfiStatusCode.SUCCESS);
  }
}
