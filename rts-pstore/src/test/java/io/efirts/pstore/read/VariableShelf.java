// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.read;

import io.efirts.api.CallResult;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.RuntimeServices;
import io.efirts.api.VariableNameCursor;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.pstore.format.CrashVariable;
import io.efirts.pstore.format.RecordName;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The three variable services over a map, for reading and deleting. Subclasses misbehave by
 * overriding one of them; every other service throws.
 */
public class VariableShelf {
  record Key(String name, EfiGuid guid) {}

  static final EfiGuid FOREIGN = EfiGuid.of("8be4df61-93ca-11d2-aa0d-00e098032b8c");

  final Map<Key, byte[]> variables = new LinkedHashMap<>();
  final List<String> deleted = new ArrayList<>();
  private List<Key> order;

  public VariableShelf with(String name, byte... value) {
    variables.put(new Key(name, CrashVariable.GUID), value);
    return this;
  }

  public VariableShelf with(CrashRecord record) {
    return with(record.name().text(), record.stored());
  }

  VariableShelf withForeign(String name, byte... value) {
    variables.put(new Key(name, FOREIGN), value);
    return this;
  }

  public static CrashRecord record(String name, String text) {
    return new CrashRecord(RecordName.parse(name), text.getBytes(StandardCharsets.UTF_8));
  }

  public RuntimeServices services() {
    return (RuntimeServices)
        Proxy.newProxyInstance(
            RuntimeServices.class.getClassLoader(),
            new Class<?>[] {RuntimeServices.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getVariable" ->
                      getVariable(
                          new Key((String) arguments[0], (EfiGuid) arguments[1]),
                          (IntHolder) arguments[2],
                          (LongHolder) arguments[3],
                          (MemorySegment) arguments[4]);
                  case "getNextVariableName" ->
                      getNextVariableName((VariableNameCursor) arguments[0]);
                  case "setVariable" ->
                      delete(
                          new Key((String) arguments[0], (EfiGuid) arguments[1]),
                          (int) arguments[2],
                          (long) arguments[3]);
                  default -> throw new AssertionError("unexpected call: " + method);
                });
  }

  CallResult getVariable(Key key, IntHolder attributes, LongHolder size, MemorySegment data) {
    byte[] value = variables.get(key);
    if (value == null) {
      return CallResult.completed(EfiStatusCode.NOT_FOUND);
    }
    long offered = size.value;
    size.value = value.length;
    attributes.value = CrashVariable.ATTRIBUTES;
    if (offered < value.length) {
      return CallResult.completed(EfiStatusCode.BUFFER_TOO_SMALL);
    }
    MemorySegment.copy(value, 0, data, ValueLayout.JAVA_BYTE, 0, value.length);
    return CallResult.completed(EfiStatusCode.SUCCESS);
  }

  CallResult getNextVariableName(VariableNameCursor cursor) {
    if (cursor.name().isEmpty()) {
      order = List.copyOf(variables.keySet());
      return step(cursor, 0);
    }
    return step(cursor, order.indexOf(new Key(cursor.name(), cursor.guid())) + 1);
  }

  final CallResult step(VariableNameCursor cursor, int index) {
    return index == order.size()
        ? CallResult.completed(EfiStatusCode.NOT_FOUND)
        : stepTo(cursor, order.get(index));
  }

  static CallResult stepTo(VariableNameCursor cursor, Key key) {
    byte[] units = (key.name + '\0').getBytes(StandardCharsets.UTF_16LE);
    cursor.sizeBytes(units.length);
    if (cursor.capacityBytes() < units.length) {
      return CallResult.completed(EfiStatusCode.BUFFER_TOO_SMALL);
    }
    MemorySegment.copy(units, 0, cursor.nameBytes(), ValueLayout.JAVA_BYTE, 0, units.length);
    key.guid.write(cursor.guidBytes(), 0);
    return CallResult.completed(EfiStatusCode.SUCCESS);
  }

  CallResult delete(Key key, int attributes, long size) {
    if (size != 0 || attributes != CrashVariable.ATTRIBUTES) {
      throw new AssertionError("must delete: size=" + size + ", attributes=" + attributes);
    }
    deleted.add(key.name);
    return CallResult.completed(
        variables.remove(key) == null ? EfiStatusCode.NOT_FOUND : EfiStatusCode.SUCCESS);
  }
}
