package telemetry

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are the program's figures, for Prometheus.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	answers  *prometheus.HistogramVec
	groups   prometheus.Histogram
	writes   prometheus.Histogram
	jobs     *prometheus.CounterVec
	work     *prometheus.HistogramVec
	late     *prometheus.HistogramVec
}

var (
	quick = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
	slow  = []float64{.01, .1, 1, 5, 15, 60, 300, 1800, 7200}
)

// NewMetrics makes a registry with the figures of the Go runtime, the process
// and this build.
func NewMetrics(version string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "aftercare_http_requests_total", Help: "Requests answered."}, []string{"route", "method", "status"}),
		answers:  prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "aftercare_http_request_seconds", Help: "Time to answer a request.", Buckets: quick}, []string{"route", "method"}),
		groups:   prometheus.NewHistogram(prometheus.HistogramOpts{Name: "aftercare_db_group_writes", Help: "Writes that shared a commit.", Buckets: []float64{1, 2, 4, 8, 16, 32, 64, 128}}),
		writes:   prometheus.NewHistogram(prometheus.HistogramOpts{Name: "aftercare_db_commit_seconds", Help: "Time from the start of a group of writes to its commit.", Buckets: quick}),
		jobs:     prometheus.NewCounterVec(prometheus.CounterOpts{Name: "aftercare_jobs_total", Help: "Jobs run, by outcome."}, []string{"kind", "outcome"}),
		work:     prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "aftercare_job_seconds", Help: "Time a job took.", Buckets: quick}, []string{"kind"}),
		late:     prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "aftercare_job_lag_seconds", Help: "How late a job began.", Buckets: slow}, []string{"kind"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{Name: "aftercare_build_info", Help: "Always 1; the label says which build this is.", ConstLabels: prometheus.Labels{"version": version}})
	build.Set(1)
	m.registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		build, m.requests, m.answers, m.groups, m.writes, m.jobs, m.work, m.late,
	)
	return m
}

// Handler serves the figures in the text format of Prometheus.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
}

// HTTP counts an answer. The route is the pattern ("/v1/cases/{id}"), never the
// path: paths are without number.
func (m *Metrics) HTTP(route, method string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	m.answers.WithLabelValues(route, method).Observe(took.Seconds())
}

// Commit counts a commit that several writes may have shared.
func (m *Metrics) Commit(writes int, took time.Duration) {
	m.groups.Observe(float64(writes))
	m.writes.Observe(took.Seconds())
}

// Job counts a run. Outcomes are done, retry and dead.
func (m *Metrics) Job(kind, outcome string, took, lag time.Duration) {
	m.jobs.WithLabelValues(kind, outcome).Inc()
	m.work.WithLabelValues(kind).Observe(took.Seconds())
	m.late.WithLabelValues(kind).Observe(max(lag, 0).Seconds())
}

// Gauge adds a figure that is read when somebody asks for it. With a label,
// there is one figure per key; without, the key is empty. If read fails the
// figure is missing, which an alert can see.
func (m *Metrics) Gauge(name, help, label string, read func(ctx context.Context) (map[string]float64, error)) {
	var labels []string
	if label != "" {
		labels = []string{label}
	}
	m.registry.MustRegister(&gauge{desc: prometheus.NewDesc(name, help, labels, nil), labelled: label != "", read: read})
}

type gauge struct {
	desc     *prometheus.Desc
	labelled bool
	read     func(ctx context.Context) (map[string]float64, error)
}

func (g *gauge) Describe(ch chan<- *prometheus.Desc) { ch <- g.desc }

func (g *gauge) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	values, err := g.read(ctx)
	if err != nil {
		return
	}
	for key, value := range values {
		var keys []string
		if g.labelled {
			keys = []string{key}
		}
		ch <- prometheus.MustNewConstMetric(g.desc, prometheus.GaugeValue, value, keys...)
	}
}
