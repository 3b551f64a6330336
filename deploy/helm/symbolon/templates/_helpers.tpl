{{- define "symbolon.name" -}}
{{- .Chart.Name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "symbolon.fullname" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 53 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 53 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "symbolon.selector" -}}
app.kubernetes.io/name: {{ include "symbolon.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "symbolon.labels" -}}
{{ include "symbolon.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end }}

{{/* What can't be together, or is missing, said before anything is made. */}}
{{- define "symbolon.check" -}}
{{- $isPostgres := eq .Values.store.kind "postgres" }}
{{- if not .Values.image.repository }}{{ fail "image.repository is empty: say where the image is that was built from deploy/container/Containerfile" }}{{ end }}
{{- if not (has .Values.store.kind (list "sqlite" "postgres")) }}{{ fail "store.kind must be sqlite or postgres" }}{{ end }}
{{- if and $isPostgres (not .Values.store.postgres.existingSecret) }}{{ fail "store.postgres.existingSecret is empty: name the secret that holds the address of PostgreSQL" }}{{ end }}
{{- if and $isPostgres (not .Values.keyFile.existingSecret) }}{{ fail "keyFile.existingSecret is empty: the servers of one PostgreSQL share a key, so make it and name its secret" }}{{ end }}
{{- if and .Values.store.postgres.tls.clientCertificate (not .Values.store.postgres.tls.existingSecret) }}{{ fail "store.postgres.tls.clientCertificate needs store.postgres.tls.existingSecret, which holds it" }}{{ end }}
{{- if and .Values.tls.existingSecret .Values.insecurePlaintext }}{{ fail "tls.existingSecret and insecurePlaintext exclude each other: leave one of them out" }}{{ end }}
{{- if not (or .Values.tls.existingSecret .Values.insecurePlaintext) }}{{ fail "tls.existingSecret is empty: name the secret of a certificate, or say insecurePlaintext=true where something else encrypts" }}{{ end }}
{{- end }}

{{- define "symbolon.pod" -}}
{{- $isPostgres := eq .Values.store.kind "postgres" }}
{{- $hasTls := ne .Values.tls.existingSecret "" }}
metadata:
  labels:
    {{- include "symbolon.labels" . | nindent 4 }}
  {{- with .Values.podAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ add .Values.drainDelaySeconds .Values.drainGraceSeconds 10 }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 65532
    runAsGroup: 65532
    fsGroup: 65532
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile:
      type: RuntimeDefault
  {{- with .Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: symbolon
      image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
      env:
        - name: SYMBOLON_LOG_LEVEL
          value: {{ .Values.logLevel | quote }}
        - name: SYMBOLON_DRAIN_DELAY
          value: {{ printf "%vs" .Values.drainDelaySeconds | quote }}
        - name: SYMBOLON_DRAIN_GRACE
          value: {{ printf "%vs" .Values.drainGraceSeconds | quote }}
        - name: SYMBOLON_METRICS_ADDRESS
          value: {{ ternary (printf "0.0.0.0:%v" .Values.metrics.port) "off" .Values.metrics.enabled | quote }}
        {{- if $hasTls }}
        - name: SYMBOLON_TLS_CERT
          value: /etc/symbolon/tls/tls.crt
        - name: SYMBOLON_TLS_KEY
          value: /etc/symbolon/tls/tls.key
        {{- else }}
        - name: SYMBOLON_INSECURE_PLAINTEXT
          value: 'on'
        {{- end }}
        {{- if .Values.keyFile.existingSecret }}
        - name: SYMBOLON_KEY_FILE
          value: /etc/symbolon/key/symbolon.key
        {{- end }}
        {{- if $isPostgres }}
        - name: SYMBOLON_STORE
          valueFrom:
            secretKeyRef:
              name: {{ .Values.store.postgres.existingSecret }}
              key: {{ .Values.store.postgres.key }}
        {{- if .Values.store.postgres.tls.existingSecret }}
        - name: SYMBOLON_STORE_TLS_CA
          value: /etc/symbolon/store-tls/ca.crt
        {{- if .Values.store.postgres.tls.clientCertificate }}
        - name: SYMBOLON_STORE_TLS_CERT
          value: /etc/symbolon/store-tls/tls.crt
        - name: SYMBOLON_STORE_TLS_KEY
          value: /etc/symbolon/store-tls/tls.key
        {{- end }}
        {{- end }}
        {{- end }}
        {{- with .Values.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with .Values.extraEnvFrom }}
      envFrom:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      ports:
        - name: grpc
          containerPort: 50051
        - name: http
          containerPort: 8080
        {{- if .Values.metrics.enabled }}
        - name: metrics
          containerPort: {{ .Values.metrics.port }}
        {{- end }}
      # A store that others are to be asked instead of: no calls. Health says it over gRPC as well, but probes of gRPC know no TLS.
      readinessProbe:
        httpGet:
          path: /health
          port: http
          scheme: {{ ternary "HTTPS" "HTTP" $hasTls }}
        periodSeconds: 2
        timeoutSeconds: 2
        failureThreshold: 2
      # Only a server that answers nothing at all is started anew: a store that is away is no reason.
      livenessProbe:
        exec:
          command: [/usr/local/bin/node, /app/health.js, --alive]
        periodSeconds: 20
        timeoutSeconds: 5
        failureThreshold: 3
      # The start brings the schema up to date.
      startupProbe:
        exec:
          command: [/usr/local/bin/node, /app/health.js, --alive]
        periodSeconds: 2
        timeoutSeconds: 5
        failureThreshold: 150
      resources:
        {{- toYaml .Values.resources | nindent 8 }}
      volumeMounts:
        - name: data
          mountPath: /data
        {{- if $hasTls }}
        - name: tls
          mountPath: /etc/symbolon/tls
          readOnly: true
        {{- end }}
        {{- if .Values.keyFile.existingSecret }}
        - name: key
          mountPath: /etc/symbolon/key
          readOnly: true
        {{- end }}
        {{- if and $isPostgres .Values.store.postgres.tls.existingSecret }}
        - name: store-tls
          mountPath: /etc/symbolon/store-tls
          readOnly: true
        {{- end }}
  {{- if or $isPostgres $hasTls .Values.keyFile.existingSecret }}
  volumes:
    {{- if $isPostgres }}
    - name: data
      emptyDir:
        sizeLimit: 16Mi
    {{- end }}
    {{- if $hasTls }}
    - name: tls
      secret:
        secretName: {{ .Values.tls.existingSecret }}
        defaultMode: 0440
    {{- end }}
    {{- if .Values.keyFile.existingSecret }}
    - name: key
      secret:
        secretName: {{ .Values.keyFile.existingSecret }}
        defaultMode: 0440
        items:
          - key: {{ .Values.keyFile.key }}
            path: symbolon.key
    {{- end }}
    {{- if and $isPostgres .Values.store.postgres.tls.existingSecret }}
    - name: store-tls
      secret:
        secretName: {{ .Values.store.postgres.tls.existingSecret }}
        defaultMode: 0440
    {{- end }}
  {{- end }}
  {{- with .Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if $isPostgres }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "symbolon.selector" . | nindent 10 }}
  {{- end }}
{{- end }}
